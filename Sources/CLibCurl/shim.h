#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>

/* libcurl and the thirty libraries that come with it take 4 ms and 3.5 MiB to load, which a CGI process would pay for
   every answer. So the program is not linked to it: these are its functions, looked up when something is fetched. */
struct shim_curl {
    CURLcode (*global_init)(long);
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *);
    void (*easy_reset)(CURL *);
    CURLcode (*easy_perform)(CURL *);
    const char *(*easy_strerror)(CURLcode);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
    /* Variadic, which Swift cannot call. */
    void *easy_setopt;
    void *easy_getinfo;
};

/* Fills in the functions; where that fails, returns why. */
static inline const char *shim_load_curl(struct shim_curl *curl) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) return dlerror();
    *(void **)&curl->global_init = dlsym(library, "curl_global_init");
    *(void **)&curl->easy_init = dlsym(library, "curl_easy_init");
    *(void **)&curl->easy_cleanup = dlsym(library, "curl_easy_cleanup");
    *(void **)&curl->easy_reset = dlsym(library, "curl_easy_reset");
    *(void **)&curl->easy_perform = dlsym(library, "curl_easy_perform");
    *(void **)&curl->easy_strerror = dlsym(library, "curl_easy_strerror");
    *(void **)&curl->slist_append = dlsym(library, "curl_slist_append");
    *(void **)&curl->slist_free_all = dlsym(library, "curl_slist_free_all");
    curl->easy_setopt = dlsym(library, "curl_easy_setopt");
    curl->easy_getinfo = dlsym(library, "curl_easy_getinfo");
    int is_whole = curl->global_init && curl->easy_init && curl->easy_cleanup && curl->easy_reset &&
        curl->easy_perform && curl->easy_strerror && curl->slist_append && curl->slist_free_all &&
        curl->easy_setopt && curl->easy_getinfo;
    if (!is_whole) return "libcurl lacks a function.";
    if (curl->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return "libcurl cannot be started.";
    return NULL;
}

static inline CURLcode shim_set_number(const struct shim_curl *curl, CURL *handle, CURLoption option, long value) {
    return ((CURLcode (*)(CURL *, CURLoption, ...))curl->easy_setopt)(handle, option, value);
}

static inline CURLcode shim_set_pointer(const struct shim_curl *curl, CURL *handle, CURLoption option, const void *value) {
    return ((CURLcode (*)(CURL *, CURLoption, ...))curl->easy_setopt)(handle, option, value);
}

static inline CURLcode shim_set_size(const struct shim_curl *curl, CURL *handle, CURLoption option, curl_off_t value) {
    return ((CURLcode (*)(CURL *, CURLoption, ...))curl->easy_setopt)(handle, option, value);
}

static inline CURLcode shim_set_transfer(
    const struct shim_curl *curl, CURL *handle, void *transfer,
    size_t (*header)(char *, size_t, size_t, void *),
    size_t (*write)(char *, size_t, size_t, void *),
    int (*progress)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t),
    curl_socket_t (*open)(void *, curlsocktype, struct curl_sockaddr *)) {
    CURLcode (*set)(CURL *, CURLoption, ...) = (CURLcode (*)(CURL *, CURLoption, ...))curl->easy_setopt;
    CURLcode code = set(handle, CURLOPT_HEADERFUNCTION, header);
    if (!code) code = set(handle, CURLOPT_HEADERDATA, transfer);
    if (!code) code = set(handle, CURLOPT_WRITEFUNCTION, write);
    if (!code) code = set(handle, CURLOPT_WRITEDATA, transfer);
    if (!code) code = set(handle, CURLOPT_XFERINFOFUNCTION, progress);
    if (!code) code = set(handle, CURLOPT_XFERINFODATA, transfer);
    if (!code) code = set(handle, CURLOPT_NOPROGRESS, 0L);
    if (!code) code = set(handle, CURLOPT_OPENSOCKETFUNCTION, open);
    if (!code) code = set(handle, CURLOPT_OPENSOCKETDATA, transfer);
    return code;
}
