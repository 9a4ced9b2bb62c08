import Glibc
import HootWire
import Jobs
import Threading

/// Runs a program for each call: the parameters, with `client_job_id` and `tool`, are its standard input as one JSON
/// object; what it prints is the result. A JSON object on one line of standard error with `percent` or `message` is
/// progress; the rest of what it says there is told when it fails. A program whose first line is `{"type":"stream"}` prints
/// an event on each further line, as a service does in `text/event-stream`: progress, parts and one result. Exit status 75 means busy; 64 to 68, 77 and 78 mean
/// that it would fail again.
package struct CommandHostClient: HostClient {
  package let kind = HostKind.command
  private let name: String
  private let arguments: [String]
  private let environment: [String: String]
  private let folder: String?
  private let memory: Int
  private let worker: ChildWorker
  private let reader: InputReader
  private let content: @Sendable (String) throws(HostFailure) -> [UInt8]

  /// - Parameters:
  ///   - arguments: the program's absolute path first.
  ///   - environment: all that the program gets.
  ///   - folder: each attempt runs in a folder of its own in it, which is gone at the end; nil: where the daemon runs.
  ///   - memory: bytes of address space; 0: no limit.
  package init(
    name: String, arguments: [String], environment: [String: String], folder: String? = nil,
    memory: Int = HostClientLimits.childMemory, worker: ChildWorker, reader: InputReader,
    content: @escaping @Sendable (String) throws(HostFailure) -> [UInt8]
  ) throws(HostFailure) {
    guard let program = arguments.first, program.hasPrefix("/"),
      !arguments.contains(where: { $0.utf8.contains(0) })
    else {
      throw HostFailure(
        .permanent, "\(Plain.line(name)) has no program to run",
        why: "A command begins with an absolute path.",
        next: "garden host set NAME --url /usr/bin/program")
    }
    self.name = Plain.line(name)
    self.arguments = arguments
    self.environment = environment
    self.folder = folder
    self.memory = memory
    self.worker = worker
    self.reader = reader
    self.content = content
  }

  package func start(
    _ call: HostCall, report: @escaping @Sendable (HostReport) -> Void
  ) -> any HostCallHandle {
    let running = ChildCall(worker: worker, report: report)
    if case .adopt = call.opening {
      running.finish(.failed(Self.lost(call, name)))
      return running
    }
    let client = self
    let isTaken = reader.submit {
      do throws(HostFailure) {
        let own = try client.folder.map { folder throws(HostFailure) in
          try AttemptFolder.made(in: folder, for: call)
        }
        let wish = try client.wish(call, in: own)
        let stream = Locked(CallStream())
        running.begin(
          wish, talk: { line in if let news = Self.progress(line) { running.tell(news) } },
          line: { line in
            let event = EventStream.Event(name: "", data: line)
            if let news = stream.withLock({ $0.take(event, call, client.name) }) { running.tell(news) }
          },
          outcome: { end in
            // The child has ended and all of its group; its files may be many.
            if let own, !client.reader.submit({ own.remove() }) { own.remove() }
            return Self.outcome(end, call, client.name, streamed: stream.withLock { $0.outcome })
          })
      } catch { running.finish(.failed(error)) }
    }
    if !isTaken {
      running.finish(
        .failed(
          HostFailure(
            .retryable, "\(name) was not run for \(call.tool)", why: "Too many calls wait for their inputs.",
            next: "it is tried again")))
    }
    return running
  }

  private func wish(_ call: HostCall, in own: AttemptFolder?) throws(HostFailure) -> ChildWish {
    var inputs: [[UInt8]] = []
    for input in call.inputs { inputs.append(try content(input.hash)) }
    var body = try ServiceShape().body(call, inputs: inputs)
    // The tool's name, before the closing brace.
    body.removeLast()
    body += Array(#","tool":"#.utf8) + JSONValue.string(call.tool).encode() + Array("}\n".utf8)
    var wish = ChildWish(
      arguments: arguments, environment: environment, folder: own?.path, input: body, memory: memory,
      outputBytes: call.limits.replyBytes, total: call.limits.total, silence: call.limits.silence)
    wish.environment["CLIENT_JOB_ID"] = call.job.text
    if let own { wish.environment["TMPDIR"] = own.path }
    if let parent = call.traceparent, !parent.utf8.contains(0) { wish.environment["TRACEPARENT"] = parent }
    return wish
  }

  /// There is a program, and it may be run.
  package func probe(_ answer: @escaping @Sendable (HostHealth) -> Void) {
    let program = arguments[0]
    let isTaken = reader.submit {
      let isThere = access(program, X_OK) == 0
      answer(
        HostHealth(
          isUp: isThere, note: isThere ? "" : "\(Plain.line(program)): \(String(cString: strerror(errno)))."))
    }
    if !isTaken { answer(HostHealth(isUp: false, note: "Too many calls wait.")) }
  }

  /// A child ends with the daemon.
  package func release(_ job: JobID, remote: String?, _ answer: @escaping @Sendable (HostRelease) -> Void) {
    answer(.released)
  }

  static func lost(_ call: HostCall, _ name: String) -> HostFailure {
    HostFailure(
      .retryable, "\(call.tool) ended with the daemon that ran it",
      why: "Children of \(name) do not outlive it.",
      next: "it is run again")
  }
}

extension CommandHostClient {
  static func progress(_ line: String) -> HostReport? {
    guard line.hasPrefix("{"), let json = try? JSONValue.parse(Array(line.utf8)) else { return nil }
    let percent = json["percent"]?.double.flatMap { $0.isFinite ? min(100, max(0, $0)) : nil }
    let message = json["message"]?.string.map(Plain.line)
    return percent == nil && message == nil ? nil : .progress(percent: percent, message: message)
  }

  /// Whether what a program prints is a stream, by its first line.
  static func opensStream(_ line: [UInt8]) -> Bool {
    // What is no JSON is no such line.
    guard line.count < 256, let json = try? JSONValue.parse(line) else { return false }
    return json["type"]?.string == "stream"
  }

  /// - Parameter streamed: the end, as a line of its stream said it.
  static func outcome(
    _ end: ChildEnd, _ call: HostCall, _ name: String, streamed: HostOutcome? = nil
  ) -> HostOutcome {
    func failed(_ cause: HostFailure.Class, _ what: String, _ why: String, status: Int32? = nil)
      -> HostOutcome
    {
      .failed(
        HostFailure(
          cause, what, why: why,
          next: cause == .permanent ? "garden job show \(call.job)" : "it is tried again",
          status: status.map(Int.init)))
    }
    let said = Plain.line(end.talk)
    switch end.cause {
    case .cancelled: return .cancelled
    case .notStarted(let why): return failed(.permanent, "\(name) could not be run for \(call.tool)", why)
    case .limit(let why, let isTime):
      return failed(isTime ? .retryable : .permanent, "\(name) was ended at \(call.tool)", why)
    case .exited(75): return .busy(retryAfter: nil)
    case .exited(let status) where status != 0:
      let isFinal = (64...68).contains(status) || [77, 78, 126, 127].contains(status)
      let how = status > 128 ? "Signal \(status - 128) ended it" : "Exit status \(status)"
      return failed(
        isFinal ? .permanent : .retryable, "\(name) failed at \(call.tool)",
        said.isEmpty ? how + "." : "\(how): \(said)",
        status: status)
    case .exited where end.isStream:
      return streamed
        ?? failed(.retryable, "\(name) failed at \(call.tool)", "Its stream ended before its result.")
    case .exited:
      do { return .succeeded(try result(end.output, call, name)) } catch { return .failed(error) }
    }
  }

  /// MIDI or audio as it is, a JSON object in the shape of a service's reply, any other JSON, or text.
  private static func result(_ output: [UInt8], _ call: HostCall, _ name: String) throws(HostFailure)
    -> HostResult
  {
    let types = [
      ("MThd", "audio/midi"), ("RIFF", "audio/wav"), ("fLaC", "audio/flac"), ("OggS", "audio/ogg"),
    ]
    for (begin, type) in types where output.starts(with: Array(begin.utf8)) {
      return HostResult(artifacts: [HostArtifact(.bytes(output), type: type)])
    }
    guard let json = try? JSONValue.parse(output, limits: .reply) else {
      guard let text = String(validating: output, as: UTF8.self) else {
        throw HostFailure(
          .permanent, "The output of \(name) for \(call.tool) cannot be used",
          why: "It is neither MIDI, audio, JSON nor text.", next: "garden job show \(call.job)")
      }
      return HostResult(value: JSONValue.object(JSONObject([("text", .string(text))])).encode())
    }
    return json.object == nil ? HostResult(value: output) : try HTTPReply.result(json, of: call, host: name)
  }
}
