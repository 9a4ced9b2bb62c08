#define _GNU_SOURCE
#include "CChild.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void limit(int resource, uint64_t value) {
  struct rlimit now;
  if (value == 0 || getrlimit(resource, &now) != 0) return;
  if (now.rlim_max == RLIM_INFINITY || value < now.rlim_max) now.rlim_max = value;
  now.rlim_cur = now.rlim_max;
  setrlimit(resource, &now);
}

// In the child, on the parent's memory: nothing here may change what the parent reads but `*problem`.
static void become(
    const char *path, char *const *arguments, char *const *environment, const cchild_wish *wish,
    volatile int *problem) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct sched_param ordinary;
  memset(&ordinary, 0, sizeof ordinary);
  sched_setscheduler(0, SCHED_OTHER, &ordinary);
  setpriority(PRIO_PROCESS, 0, wish->nice);
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  limit(RLIMIT_AS, wish->memory);
  limit(RLIMIT_FSIZE, wish->file_bytes);
  if (dup2(wish->input, 0) < 0 || dup2(wish->output, 1) < 0 || dup2(wish->error, 2) < 0 ||
      (wish->folder != NULL && chdir(wish->folder) != 0)) {
    *problem = errno;
    _exit(127);
  }
  close_range(3, ~0U, 0);
  limit(RLIMIT_NOFILE, wish->files);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t empty;
  sigemptyset(&empty);
  sigprocmask(SIG_SETMASK, &empty, NULL);
  execve(path, arguments, environment);
  *problem = errno;
  _exit(127);
}

pid_t cchild_start(
    const char *path, char *const *arguments, char *const *environment, const cchild_wish *wish) {
  // No handler may run in the child while it has the parent's memory.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  volatile int problem = 0;
  pid_t child = vfork();
  if (child == 0) become(path, arguments, environment, wish, &problem);
  int failed = child < 0 ? errno : problem;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (child > 0 && failed != 0) {
    cchild_reap(child);
    child = -1;
  }
  errno = failed;
  return child;
}

int cchild_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }

bool cchild_has_ended(pid_t child) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == child;
}

int cchild_reap(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return 127;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
