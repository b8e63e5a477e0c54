import Testing

@testable import POSIX

@Suite("Remote file systems")
struct RemoteFileSystemTests {
    private static let mounts = """
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
        36 35 0:41 / /srv/git rw,noatime master:1 shared:7 - nfs4 server:/git rw
        37 27 0:42 / /mnt/a\\040b rw - fuse.sshfs host:/ rw
        38 27 0:43 / /tmp rw - tmpfs tmpfs rw
        39 27 0:44 / /half
        """

    @Test(
        "The type of the mount decides, whatever optional fields stand before it",
        arguments: [
            ("254:0", false), ("0:41", true), ("0:42", true), ("0:43", false), ("0:44", false),
            ("0:4", false),
            ("9:9", false),
        ]
    )
    func type(_ device: String, _ isRemote: Bool) {
        #expect(RemoteFileSystem.contains(device, in: Self.mounts) == isRemote)
    }

    @Test("The root of this machine, and /proc, are looked up")
    func here() throws {
        #expect(try !RemoteFileSystem.holds("/proc"))
    }
}
