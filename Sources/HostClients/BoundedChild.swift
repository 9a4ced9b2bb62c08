import CChild
import Glibc

/// A child process with a group of its own, and its three pipes. The thread of `ChildWorker` alone.
struct BoundedChild {
  let process: pid_t
  /// -1 once closed.
  private(set) var input: Int32
  private(set) var output: Int32
  private(set) var talk: Int32

  /// Starts it, or says why not in words of the system.
  static func start(_ wish: ChildWish) -> Result<BoundedChild, HostProblem> {
    var ends: [Int32] = []
    for _ in 0..<3 {
      var pair: [Int32] = [-1, -1]
      // Closed on exec in every other child too: whoever keeps one end open keeps the other waiting.
      guard cchild_pipe(&pair) == 0 else {
        let code = errno
        for end in ends { Glibc.close(end) }
        return .failure(HostProblem(code))
      }
      ends += pair
    }
    let texts = wish.arguments.map { strdup($0) } + [nil]
    let environment = wish.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    let folder = wish.folder.map { strdup($0) } ?? nil
    defer {
      for text in texts + environment + [folder] { free(text) }
    }
    var asked = cchild_wish(
      input: ends[0], output: ends[3], error: ends[5], folder: folder, nice: 10, memory: UInt64(wish.memory),
      file_bytes: UInt64(wish.fileBytes), files: UInt64(HostClientLimits.childFiles))
    let process = cchild_start(wish.arguments.first ?? "", texts, environment, &asked)
    let code = errno
    for end in [ends[0], ends[3], ends[5]] { Glibc.close(end) }
    guard process > 0 else {
      for end in [ends[1], ends[2], ends[4]] { Glibc.close(end) }
      return .failure(HostProblem(code))
    }
    for end in [ends[1], ends[2], ends[4]] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    return .success(BoundedChild(process: process, input: ends[1], output: ends[2], talk: ends[4]))
  }

  enum Pipe { case input, output, talk }

  mutating func close(_ pipe: Pipe) {
    switch pipe {
    case .input: Self.close(&input)
    case .output: Self.close(&output)
    case .talk: Self.close(&talk)
    }
  }

  private static func close(_ descriptor: inout Int32) {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  func signal(_ number: Int32) { kill(-process, number) }

  var hasEnded: Bool { cchild_has_ended(process) }

  /// Ends what is left of its group, closes all, and gives its exit status. Once.
  mutating func reap() -> Int32 {
    // Before its id is free: the group's is the same.
    signal(SIGKILL)
    for pipe in [Pipe.input, .output, .talk] { close(pipe) }
    return cchild_reap(process)
  }
}

/// Why the system did not do what was asked.
struct HostProblem: Error {
  var code: Int32
  init(_ code: Int32) { self.code = code }
  var text: String { String(cString: strerror(code)) }
}

/// What is run.
struct ChildWish: Sendable {
  /// The first is the program's path.
  var arguments: [String]
  var environment: [String: String]
  var folder: String?
  var input: [UInt8]
  /// Bytes of address space; 0: no limit.
  var memory = HostClientLimits.childMemory
  var fileBytes = 4 << 30
  var outputBytes: Int
  var total: Double
  var silence: Double?
}
