/*
 * Transfers bytes over HTTP/1.1 with little CPU: sends from the page cache by sendfile, and drops
 * received bytes in the kernel.
 *
 *   transfer PORT FILE BYTES
 *
 * Standard input has request heads, each as decimal length, line feed, head. Each head is sent on
 * its own connection, all concurrently, followed by BYTES bytes of FILE, which repeats when it ends.
 * A head must contain "Connection: close", since the end of the connection ends the response. Prints
 * one line of JSON: the seconds, the CPU seconds, the bytes of all response bodies, and the statuses
 * other than 2xx.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_CLIENTS 1024
#define LARGEST_HEAD 16384

struct answer {
  int status;
  long long bytes;
};

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static double cpu_of(int whose) {
  struct rusage used;
  getrusage(whose, &used);
  return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void send_all(int to, const char *text, size_t length) {
  while (length > 0) {
    ssize_t sent = send(to, text, length, MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    text += sent;
    length -= sent;
  }
}

/* A response may arrive, and the connection close, before the whole body was sent. */
static void send_file(int to, const char *path, long long bytes) {
  int file = open(path, O_RDONLY);
  if (file < 0) fail(path);
  off_t at = 0;
  while (bytes > 0) {
    ssize_t sent = sendfile(to, file, &at, bytes);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) break;
    if (sent < 0) fail("sendfile");
    if (sent == 0 && at == 0) break;
    if (sent == 0) at = 0;
    bytes -= sent;
  }
  close(file);
}

static struct answer receive(int from) {
  static char head[LARGEST_HEAD + 1];
  size_t length = 0;
  char *end = NULL;
  while (end == NULL) {
    ssize_t got = recv(from, head + length, LARGEST_HEAD - length, 0);
    if (got <= 0) fail("recv of the head");
    length += got;
    head[length] = 0;
    end = strstr(head, "\r\n\r\n");
  }
  struct answer answer = {atoi(head + strlen("HTTP/1.1 ")), (long long)(length - (end + 4 - head))};
  for (;;) {
    ssize_t got = recv(from, NULL, 4 << 20, MSG_TRUNC);
    if (got < 0) fail("recv");
    if (got == 0) return answer;
    answer.bytes += got;
  }
}

static struct answer transfer(int port, const char *head, size_t length, const char *path, long long bytes) {
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connection < 0 || connect(connection, (struct sockaddr *)&server, sizeof server) < 0) fail("connect");
  int at_once = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  send_all(connection, head, length);
  send_file(connection, path, bytes);
  return receive(connection);
}

int main(int count, char **argument) {
  if (count != 4) return 2;
  int port = atoi(argument[1]);
  long long bytes = atoll(argument[3]);
  static char head[LARGEST_HEAD];
  size_t length;
  int answers[2], clients = 0;
  if (pipe(answers) < 0) fail("pipe");
  double begun = now();
  while (scanf("%zu%*1[\n]", &length) == 1) {
    if (length > LARGEST_HEAD || clients == MOST_CLIENTS || fread(head, 1, length, stdin) != length) return 2;
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
      struct answer answer = transfer(port, head, length, argument[2], bytes);
      if (write(answers[1], &answer, sizeof answer) != sizeof answer) fail("write");
      _exit(0);
    }
    clients += 1;
  }
  int failed = 0;
  for (int ended = 0; ended < clients; ended += 1) {
    int status;
    if (wait(&status) < 0) fail("wait");
    failed |= status != 0;
  }
  double seconds = now() - begun;
  if (failed) return 1;
  long long received = 0;
  printf("{\"seconds\":%.6f,\"cpu\":%.6f,\"refused\":[", seconds, cpu_of(RUSAGE_SELF) + cpu_of(RUSAGE_CHILDREN));
  for (int ended = 0, refused = 0; ended < clients; ended += 1) {
    struct answer answer;
    if (read(answers[0], &answer, sizeof answer) != sizeof answer) fail("read");
    received += answer.bytes;
    if (answer.status / 100 != 2) printf(refused++ == 0 ? "%d" : ",%d", answer.status);
  }
  printf("],\"received\":%lld}\n", received);
  return 0;
}
