#include <malloc.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/fsuid.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* prctl is variadic, which Swift cannot call. */
static inline int shim_become_subreaper(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static inline int shim_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

/* syscall is variadic, and the C library has no ioprio_set: this process, best effort, the last of its eight levels. */
static inline long shim_lower_io_priority(void) {
    return syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 7);
}

/* A mutable global, which Swift 6 cannot read from more than one thread; nothing here ever changes it. */
extern char **environ;

static inline char **shim_environment(void) {
    return environ;
}

/* Declared under _GNU_SOURCE alone, which Swift's Glibc module is built without. */
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int setresuid(uid_t, uid_t, uid_t);
extern int setresgid(gid_t, gid_t, gid_t);
