/* A FastCGI responder that does nothing: every request gets the bytes of one file. What it reaches behind a web
 * server is the ceiling for any responder on the same connection settings.
 *
 *     null_responder SOCKET RESPONSE [THREADS]
 *
 * SOCKET `-` is descriptor 0, as from mod_fcgid. RESPONSE holds header lines, an empty line, and a body, as a CGI
 * program would print them. A connection is kept where the web server asks for it. Records are those of the FastCGI
 * Specification 1.0, §3.3 and §5. */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BEGIN_REQUEST = 1, END_REQUEST = 3, STDIN = 5, STDOUT = 6, HEADER = 8, CONTENT = 65528, BACKLOG = 4096, KEEP = 1 };

/* Descriptor 0 unless a socket is opened. */
static int listener = 0;
static unsigned char *answer;
static size_t answer_length;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static unsigned char *put_header(unsigned char *at, int type, unsigned length) {
    const unsigned char header[HEADER] = {1, (unsigned char)type, 0, 1, length >> 8, length & 255, 0, 0};
    memcpy(at, header, HEADER);
    return at + HEADER;
}

/* The whole answer as one run of records, made once: STDOUT records, an empty one, END_REQUEST with status 0. */
static void prepare(const char *path) {
    struct stat status;
    FILE *file = fopen(path, "rb");
    if (file == NULL || fstat(fileno(file), &status) != 0) die(path);
    size_t size = (size_t)status.st_size;
    unsigned char *body = malloc(size + 1);
    answer = malloc(size + (size / CONTENT + 4) * (HEADER + HEADER));
    if (body == NULL || answer == NULL || fread(body, 1, size, file) != size) die(path);
    fclose(file);
    unsigned char *at = answer;
    for (size_t done = 0; done < size;) {
        size_t length = size - done < CONTENT ? size - done : CONTENT;
        at = put_header(at, STDOUT, (unsigned)length);
        memcpy(at, body + done, length);
        at += length;
        done += length;
    }
    at = put_header(at, STDOUT, 0);
    at = put_header(at, END_REQUEST, 8);
    memset(at, 0, 8);
    answer_length = (size_t)(at + 8 - answer);
    free(body);
}

/* Reads until the empty STDIN record that ends a request; 0 when the web server went away before it. `keep` becomes
 * whether it wants to send another one. */
static int read_request(int connection, int *keep) {
    unsigned char buffer[16384];
    size_t filled = 0, at = 0;
    for (;;) {
        while (filled - at >= HEADER) {
            const unsigned char *header = buffer + at;
            size_t length = (size_t)header[4] << 8 | header[5];
            size_t record = HEADER + length + header[6];
            if (header[1] == STDIN && length == 0) return 1;
            if (record > sizeof buffer) return 0;
            if (filled - at < record) break;
            if (header[1] == BEGIN_REQUEST && length == 8) *keep = header[HEADER + 2] & KEEP;
            at += record;
        }
        memmove(buffer, buffer + at, filled - at);
        filled -= at;
        at = 0;
        ssize_t count = read(connection, buffer + filled, sizeof buffer - filled);
        if (count <= 0) return 0;
        filled += (size_t)count;
    }
}

static void *serve(void *unused) {
    for (;;) {
        int connection = accept(listener, NULL, NULL), keep = 0;
        if (connection < 0) die("accept");
        while (read_request(connection, &keep)) {
            size_t done = 0;
            while (done < answer_length) {
                ssize_t count = send(connection, answer + done, answer_length - done, MSG_NOSIGNAL);
                if (count <= 0) break;
                done += (size_t)count;
            }
            if (done < answer_length || !keep) break;
        }
        close(connection);
    }
    return unused;
}

static void open_socket(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) exit(64);
    strcpy(address.sun_path, path);
    unlink(path);
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0) die(path);
    /* Whoever runs as the web server must be able to connect. */
    if (chmod(path, 0666) != 0 || listen(listener, BACKLOG) != 0) die(path);
}

int main(int count, char **arguments) {
    if (count < 3 || count > 4) {
        fprintf(stderr, "usage: %s SOCKET RESPONSE [THREADS]\n", arguments[0]);
        return 64;
    }
    prepare(arguments[2]);
    if (strcmp(arguments[1], "-") != 0) open_socket(arguments[1]);
    int threads = count == 4 ? atoi(arguments[3]) : 8;
    for (int i = 1; i < threads; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, NULL) != 0) die("pthread_create");
    }
    serve(NULL);
}
