// The physical floor: the same TCP server as a bare epoll loop in C. tcp --mode echo|sink|source|idle --loops N --port P
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 64 << 10, EVENTS = 256, LOOPS = 64 };
static const char *mode = "echo";
static int polls[LOOPS], loops = 1;

static void end(const char *what) {
  perror(what);
  exit(1);
}

// Writes all of it; a peer that does not read is waited for, as it never happens in an echo of what fits a socket's buffer.
static int write_all(int fd, const char *from, ssize_t left) {
  while (left > 0) {
    ssize_t n = send(fd, from, left, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) return -1;
    if (n > 0) from += n, left -= n;
  }
  return 0;
}

static void serve(int fd, int poll, char *chunk) {
  if (!strcmp(mode, "source")) {
    while (1)
      if (send(fd, chunk, CHUNK, MSG_NOSIGNAL) < 0) {
        if (errno != EAGAIN) close(fd);
        return;
      }
  }
  while (1) {
    ssize_t n = recv(fd, chunk, CHUNK, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0 || (strcmp(mode, "sink") && write_all(fd, chunk, n) < 0)) {
      close(fd);
      return;
    }
    if (n < CHUNK) return; // level-triggered: what comes now is told again
  }
}

static void *loop(void *which) {
  int poll = polls[(long)which];
  char *chunk = calloc(1, CHUNK);
  struct epoll_event events[EVENTS];
  while (1) {
    int n = epoll_wait(poll, events, EVENTS, -1);
    for (int i = 0; i < n; i++) serve(events[i].data.fd, poll, chunk);
  }
  return NULL;
}

int main(int argc, char **argv) {
  int port = 0, one = 1;
  for (int i = 1; i + 1 < argc; i++) {
    if (!strcmp(argv[i], "--mode")) mode = argv[i + 1];
    if (!strcmp(argv[i], "--loops")) loops = atoi(argv[i + 1]);
    if (!strcmp(argv[i], "--port")) port = atoi(argv[i + 1]);
  }
  if (loops < 1 || loops > LOOPS) loops = 1;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max; // as the JVM does
  setrlimit(RLIMIT_NOFILE, &files);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  int server = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(server, (struct sockaddr *)&at, sizeof at) || listen(server, 1024)) end("listen");
  getsockname(server, (struct sockaddr *)&at, &size);
  for (long i = 0; i < loops; i++) {
    pthread_t thread;
    polls[i] = epoll_create1(0);
    pthread_create(&thread, NULL, loop, (void *)i);
  }
  printf("ready port=%d\n", ntohs(at.sin_port));
  fflush(stdout);
  for (int next = 0;; next++) {
    int fd = accept4(server, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) end("accept");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event event = {.events = strcmp(mode, "source") ? EPOLLIN : EPOLLOUT | EPOLLET, .data.fd = fd};
    epoll_ctl(polls[next % loops], EPOLL_CTL_ADD, fd, &event);
  }
}
