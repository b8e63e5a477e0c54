internal import CLinux
internal import Glibc

/// A POSIX thread with a name, for work that blocks in C.
///
/// The handle is guarded by pthreads: it is written once, before anybody can use it.
public final class Thread: @unchecked Sendable {
    private var handle = pthread_t()

    /// Starts a thread that runs `body` to its end.
    ///
    /// - Parameter name: what `ps -L` and a debugger show, at most 15 bytes.
    public init(named name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let box = Unmanaged.passRetained(Body(name: name, run: body))
        let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            let body = Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue()
            shim_name_thread(body.name)
            body.run()
            return nil
        }
        let code = pthread_create(&handle, nil, entry, box.toOpaque())
        if code != 0 {
            box.release()
            throw SystemError("pthread_create", path: name, code: code)
        }
    }

    /// Blocks until the thread has ended. Called at most once.
    public func join() { pthread_join(handle, nil) }

    /// Lets the thread end by itself. Called at most once, and then `join()` never.
    public func detach() { pthread_detach(handle) }

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}
