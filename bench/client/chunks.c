/*
 * Uploads a drive in chunks, by links, over several connections and in random order, with little
 * CPU: sends from the page cache by sendfile.
 *
 *   chunks PORT FILE UUID BYTES CHUNK_BYTES CONNECTIONS
 *
 * Standard input has the header lines of every request, each ended by CR LF. All chunks have the
 * first bytes of FILE, which repeats when it ends. Prints one line of JSON: the seconds, and the CPU
 * seconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LARGEST_MESSAGE 16384

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static double cpu_of_children(void) {
  struct rusage used;
  getrusage(RUSAGE_CHILDREN, &used);
  return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void send_all(int to, const char *text, size_t length, int flags) {
  while (length > 0) {
    ssize_t sent = send(to, text, length, MSG_NOSIGNAL | flags);
    if (sent < 0) fail("send");
    text += sent;
    length -= sent;
  }
}

static void send_file(int to, int file, long long bytes) {
  for (off_t at = 0; bytes > 0;) {
    ssize_t sent = sendfile(to, file, &at, bytes);
    if (sent < 0) fail("sendfile");
    if (sent == 0 && at == 0) exit(2);
    if (sent == 0) at = 0;
    bytes -= sent;
  }
}

/* Returns a response, which the next call overwrites. */
static const char *receive(int from) {
  static char message[LARGEST_MESSAGE + 1];
  size_t length = 0, wanted = 0;
  while (wanted == 0 || length < wanted) {
    ssize_t got = recv(from, message + length, LARGEST_MESSAGE - length, 0);
    if (got <= 0) fail("recv");
    length += got;
    message[length] = 0;
    char *end = strstr(message, "\r\n\r\n");
    char *body = strcasestr(message, "\r\ncontent-length:");
    if (end != NULL && body != NULL) wanted = end + 4 - message + atoll(body + strlen("\r\ncontent-length:"));
  }
  if (atoi(message + strlen("HTTP/1.1 ")) == 200) return message;
  fprintf(stderr, "%s\n", message);
  exit(1);
}

static int connected(int port) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connection < 0 || connect(connection, (struct sockaddr *)&server, sizeof server) < 0) fail("connect");
  int at_once = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  return connection;
}

int main(int count, char **argument) {
  if (count != 7) return 2;
  int port = atoi(argument[1]), file = open(argument[2], O_RDONLY), connections = atoi(argument[6]);
  if (file < 0) fail(argument[2]);
  long long bytes = atoll(argument[4]), size = atoll(argument[5]);
  long long chunks = bytes < size ? 1 : bytes / size;
  static char headers[LARGEST_MESSAGE / 2];
  if (fread(headers, 1, sizeof headers - 1, stdin) == 0) return 2;
  long long *order = calloc(chunks, sizeof *order);
  long long *next = mmap(NULL, sizeof *next, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (order == NULL || next == MAP_FAILED) fail("memory");
  srandom(getpid());
  for (long long at = 0; at < chunks; at += 1) {
    long long other = random() % (at + 1);
    order[at] = order[other];
    order[other] = at;
  }
  double begun = now();
  for (int child = 0; child < connections; child += 1) {
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid > 0) continue;
    int connection = connected(port);
    char head[LARGEST_MESSAGE], body[256];
    for (long long at; (at = __sync_fetch_and_add(next, 1)) < chunks;) {
      long long number = order[at], length = number == chunks - 1 ? bytes - number * size : size;
      int asked = snprintf(body, sizeof body, "{\"chunk_number\":%lld,\"chunk_size\":%lld}", number, size);
      int written = snprintf(head, sizeof head,
                             "POST /api/2.0/drives/%s/action/?do=upload_chunk HTTP/1.1\r\nHost: 127.0.0.1\r\n%s"
                             "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                             argument[3], headers, asked, body);
      send_all(connection, head, written, 0);
      const char *link = strstr(receive(connection), "\"link\":");
      if (link == NULL) return 1;
      const char *path = strchr(link + strlen("\"link\":"), '"') + 1;
      written = snprintf(head, sizeof head,
                         "POST %.*s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                         "Content-Type: application/octet-stream\r\nContent-Length: %lld\r\n\r\n",
                         (int)strcspn(path, "\""), path, length);
      send_all(connection, head, written, MSG_MORE);
      send_file(connection, file, length);
      receive(connection);
    }
    return 0;
  }
  int failed = 0, status;
  for (int ended = 0; ended < connections; ended += 1) {
    if (wait(&status) < 0) fail("wait");
    failed |= status != 0;
  }
  if (failed) return 1;
  printf("{\"seconds\":%.6f,\"cpu\":%.6f}\n", now() - begun, cpu_of_children());
  return 0;
}
