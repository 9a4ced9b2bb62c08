import Glibc

/// On this thread, writing to what nobody reads any more is an error to look at, not a signal that ends the process.
func ignoreBrokenPipes() {
  var pipe = sigset_t()
  sigemptyset(&pipe)
  sigaddset(&pipe, SIGPIPE)
  pthread_sigmask(SIG_BLOCK, &pipe, nil)
}
