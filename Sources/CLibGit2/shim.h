#include <git2.h>

/* git_libgit2_opts is variadic, which Swift cannot call. */
static inline int shim_set_owner_validation(int enabled) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

/* Where to look for configuration of this level (GIT_CONFIG_LEVEL_...); an empty path is nowhere. */
static inline int shim_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

static inline int shim_set_window_sizes(size_t window, size_t mapped) {
    int result = git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, window);
    return result < 0 ? result : git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, mapped);
}

static inline int shim_set_caching(int enabled) {
    return git_libgit2_opts(GIT_OPT_ENABLE_CACHING, enabled);
}

static inline int shim_set_hash_verification(int enabled) {
    return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, enabled);
}

static inline int shim_set_extensions(const char **extensions, size_t count) {
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, count);
}
