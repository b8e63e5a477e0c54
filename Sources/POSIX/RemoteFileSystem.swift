/// Tells file systems that other machines write to, of whose changes inotify learns nothing (`inotify(7)`).
public enum RemoteFileSystem {
    /// The names of `proc_pid_mountinfo(5)`, less what follows a dot (`fuse.sshfs`).
    private static let types: Set<Substring> = [
        "9p", "afs", "ceph", "cifs", "fuse", "gfs2", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "smb3",
        "smbfs",
        "vboxsf", "virtiofs",
    ]

    /// Whether `path` is on such a file system; not so when the mount is unknown, as with btrfs subvolumes.
    public static func holds(_ path: String) throws(SystemError) -> Bool {
        let device = try FileStatus(path: path).device
        // makedev(3) as glibc lays it out; its own functions are macros.
        let major = device >> 8 & 0xfff | device >> 32 & 0xffff_f000
        let minor = device & 0xff | device >> 12 & 0xffff_ff00
        guard let mounts = try File.readIfPresent("/proc/self/mountinfo") else { return true }
        return contains("\(major):\(minor)", in: String(decoding: mounts, as: UTF8.self))
    }

    /// The same, of the device `number` (`major:minor`) in the text of `mountinfo`.
    static func contains(_ number: String, in mounts: String) -> Bool {
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            // Optional fields end with a lone hyphen, and the type follows it.
            guard fields.count > 2, fields[2] == number, let end = fields.dropFirst(6).firstIndex(of: "-"),
                end + 1 < fields.endIndex, let type = fields[end + 1].split(separator: ".").first
            else { continue }
            return types.contains(type)
        }
        return false
    }
}
