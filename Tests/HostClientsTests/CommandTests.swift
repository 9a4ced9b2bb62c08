import Glibc
import HootWire
import Jobs
import Testing
import Threading

@testable import HostClients

/// Children that are shell scripts.
@Suite struct CommandTests {
  private let worker: ChildWorker
  private let reader: InputReader

  init() throws {
    worker = try ChildWorker()
    reader = try InputReader()
  }

  private func client(_ script: String, memory: Int = 0) throws -> CommandHostClient {
    try CommandHostClient(
      name: "shell", arguments: ["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"],
      memory: memory,
      worker: worker, reader: reader
    ) { _ throws(HostFailure) in Array("MThd".utf8) }
  }

  private func outcome(_ script: String, _ call: HostCall = asked("think")) throws -> HostOutcome? {
    let reports = try Running(try client(script), call).toEnd()
    return reports.last.flatMap { if case .finished(let outcome) = $0 { outcome } else { nil } }
  }

  @Test func theParametersAreItsInputAndItsOutputIsTheResult() throws {
    let call = asked(
      "think", #"{"prompt":"a","midi":"x"}"#, inputs: [HostCall.Input(parameter: "midi", hash: "x")])
    let result = try outcome("cat", call)?.result
    #expect(
      result?.value
        == Array(
          #"{"prompt":"a","midi":"TVRoZA==","client_job_id":"01930000-0000-7000-8000-000000000001","tool":"think"}"#
            .utf8))
    #expect(try outcome("printf hello")?.result?.value == Array(#"{"text":"hello"}"#.utf8))
    #expect(try outcome("printf 'MThdxx'")?.result?.artifacts.first?.type == "audio/midi")
    #expect(
      try outcome(#"printf '{"audio_base64":"UklGRg==","a":1}'"#)?.result?.artifacts.first?.content
        == .bytes(Array("RIFF".utf8)))
    #expect(
      try outcome("printf %s $CLIENT_JOB_ID")?.result?.value
        == Array(#"{"text":"01930000-0000-7000-8000-000000000001"}"#.utf8))
  }

  @Test func `[O76] Each attempt has a folder of its own, and nothing of it is left`() throws {
    let folder = "/tmp/cg-attempts-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    #expect(mkdir(folder, 0o700) == 0)
    defer { rmdir(folder) }
    let client = try CommandHostClient(
      name: "shell",
      arguments: [
        "/bin/sh", "-c",
        "mkdir -p deep/er; echo $CLIENT_JOB_ID >> deep/er/same; sleep 0.2; cat deep/er/same; echo $TMPDIR",
      ],
      environment: ["PATH": "/usr/bin:/bin"], folder: folder, memory: 0, worker: worker, reader: reader
    ) { _ throws(HostFailure) in [] }
    let calls = (1...4).map { number in
      var call = asked("think")
      call.job = JobID(high: 5, low: UInt64((number + 1) / 2))
      call.epoch = UInt64(number)
      return call
    }
    let running = try calls.map { try Running(client, $0) }
    for (call, run) in zip(calls, running) {
      guard case .finished(let outcome)? = run.toEnd().last else {
        Issue.record("it has not ended")
        continue
      }
      let text = try JSONValue.parse(try #require(outcome.result?.value))["text"]?.string ?? ""
      #expect(text == "\(call.job.text)\n\(folder)/\(call.job.text)-\(call.epoch).d\n")
    }
    #expect(eventually { rmdir(folder) == 0 || errno == ENOENT }, "folders are left")
  }

  @Test func `[R62] A worker has its task, reports, logs, gives a result, and hears that it is cancelled`()
    throws
  {
    let script = #"""
      trap 'echo stopped > "$TOLD"; exit 0' TERM
      read task; echo "{\"percent\":10,\"message\":\"begun\"}" >&2; echo a log line >&2
      case "$task" in *long*) sleep 600 & wait;; *fail*) exit 65;; esac
      echo "$task"
      """#
    let done = try Running(try client(script), asked("think", #"{"prompt":"short"}"#)).toEnd()
    #expect(done.first == .accepted(remote: nil))
    #expect(done.dropFirst().first == .progress(percent: 10, message: "begun"))
    guard case .finished(.succeeded(let result))? = done.last else {
      Issue.record("\(done)")
      return
    }
    #expect(try JSONValue.parse(try #require(result.value))["prompt"] == "short")
    // What it logs is told when it fails.
    let failed = try outcome(script, asked("think", #"{"prompt":"fail"}"#))?.failure
    #expect(failed?.lines[1].contains("a log line") == true)
    let told = "/tmp/cg-told-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    defer { unlink(told) }
    let client = try CommandHostClient(
      name: "shell", arguments: ["/bin/sh", "-c", script],
      environment: ["PATH": "/usr/bin:/bin", "TOLD": told],
      memory: 0, worker: worker, reader: reader
    ) { _ throws(HostFailure) in [] }
    let news = try Mailbox<HostReport>(capacity: 64)
    let handle = client.start(asked("think", #"{"prompt":"long"}"#, total: 600)) { _ = news.push($0) }
    // From its first word on it can be told.
    var heard: [HostReport] = []
    #expect(
      eventually {
        heard += news.wait(milliseconds: 100)
        return heard.contains(.progress(percent: 10, message: "begun"))
      })
    handle.cancel()
    #expect(news.wait(milliseconds: 30_000) == [.finished(.cancelled)])
    #expect(eventually { access(told, F_OK) == 0 })
  }

  @Test func progressComesFromStandardError() throws {
    let script = #"echo '{"percent":50,"message":"half"}' >&2; echo noise >&2; printf ok"#
    let reports = try Running(try client(script), asked("think")).toEnd()
    // It runs from the moment it was started, whether it talks or not.
    #expect(reports.first == .accepted(remote: nil) && reports.count == 3)
    #expect(reports.dropFirst().first == .progress(percent: 50, message: "half"))
  }

  @Test func `[R26] [R65] A program that says that it is a stream is heard line by line`() throws {
    let script = #"""
      echo '{"type":"stream"}'; echo '{"type":"progress","percent":10}'; echo noise
      printf '{"type":"chunk","sequence":0,'; sleep 0.1
      echo '"notes":[{"pitch":60,"start":0,"duration":1}]}'
      echo '{"type":"result","variations":[{"midi_base64":"TVRo"}]}'
      echo '{"type":"chunk","midi_base64":"TVRo"}'
      """#
    let reports = try Running(try client(script), asked("think")).toEnd()
    #expect(reports.first == .accepted(remote: nil), "\(reports)")
    #expect(reports.dropFirst().first == .progress(percent: 10, message: nil), "\(reports)")
    let parts = reports.compactMap { report -> HostChunk? in
      if case .chunk(let part) = report { part } else { nil }
    }
    #expect(parts.map(\.sequence) == [0, 1] && parts[0].type == "application/json" && parts[0].fault == nil)
    #expect(parts.last?.fault == "it came after the end")
    guard case .finished(.succeeded(let result))? = reports.last else {
      Issue.record("\(reports)")
      return
    }
    #expect(result.artifacts.first?.content == .bytes(Array("MTh".utf8)))
  }

  @Test func `[D67] A program's stream that ends without its result, or in the middle of a line, has failed`()
    throws
  {
    let broken = try outcome(#"echo '{"type":"stream"}'; printf '{"type":"result","variations":[]'"#)?.failure
    #expect(broken?.lines[1] == "Its stream ended before its result." && broken?.cause == .retryable)
    let told = try outcome(#"echo '{"type":"stream"}'; echo '{"type":"error","message":"no memory"}'"#)?
      .failure
    #expect(told?.lines[1] == "no memory")
    // Its status counts for more than what it said.
    let ended = try outcome(#"echo '{"type":"stream"}'; echo '{"type":"result","a":1}'; exit 65"#)?.failure
    #expect(ended?.cause == .permanent)
    // Whoever says nothing of a stream has printed a result, lines or not.
    #expect(try outcome(#"echo '{"type":"other"}'; echo more"#)?.result?.value != nil)
  }

  @Test func anExitStatusTellsWhetherToTryAgain() throws {
    #expect(try outcome("exit 75") == .busy(retryAfter: nil))
    let refused = try outcome("echo bad input >&2; exit 65")?.failure
    #expect(
      refused?.cause == .permanent && refused?.lines[1] == "Exit status 65: bad input"
        && refused?.status == 65)
    #expect(try outcome("exit 1")?.failure?.cause == .retryable)
    #expect(try outcome("kill -9 $$")?.failure?.lines[1] == "Signal 9 ended it.")
    let missing = try CommandHostClient(
      name: "none", arguments: ["/nonexistent/program"], environment: [:], worker: worker, reader: reader
    ) { _ throws(HostFailure) in [] }
    guard case .finished(.failed(let failure))? = try Running(missing, asked("think")).toEnd().last else {
      Issue.record("it ran")
      return
    }
    #expect(
      failure.cause == .permanent && failure.lines[1] == "/nonexistent/program: No such file or directory.")
    #expect(throws: HostFailure.self) {
      try CommandHostClient(
        name: "x", arguments: ["relative"], environment: [:], worker: worker, reader: reader
      ) { _ throws(HostFailure) in [] }
    }
  }

  @Test func limitsEndTheWholeGroup() throws {
    let slow = try outcome("sleep 600", asked("think", total: 0.3))?.failure
    #expect(slow?.cause == .retryable && slow?.lines[1] == "It has not ended after 0.3 s, the limit.")
    let silent = try outcome("sleep 600", asked("think", total: 600, silence: 0.3))?.failure
    #expect(silent?.lines[1] == "Nothing came for 0.3 s, the limit." && silent?.mayStillRun == false)
    let loud = try outcome("yes", asked("think", replyBytes: 50_000))?.failure
    #expect(loud?.cause == .permanent && loud?.lines[1] == "It prints more than 50000 bytes, the limit.")
    // One that does not listen to reason.
    let stubborn = try outcome("trap '' TERM; while true; do sleep 1; done", asked("think", total: 0.2))?
      .failure
    #expect(stubborn?.lines[1] == "It has not ended after 0.2 s, the limit.")
    let memory = try Running(
      try client("head -c 400000000 /dev/zero | tail -c 300000000 | wc -c", memory: 64 << 20), asked("think")
    )
    .toEnd().last
    #expect(memory != .finished(.succeeded(HostResult(value: Array("300000000\n".utf8)))))
  }

  /// The process group of the running child, which the script prints.
  @Test func cancellingLeavesNobodyBehind() throws {
    let news = try Mailbox<HostReport>(capacity: 64)
    let script = #"sleep 600 & sleep 600 & echo "{\"message\":\"$$\"}" >&2; wait"#
    let handle = try client(script).start(asked("think", total: 600)) { _ = news.push($0) }
    var group: Int32 = 0
    while group == 0 {
      let heard = news.wait(milliseconds: 30_000)
      if heard.isEmpty { break }
      for case .progress(_, let text) in heard { group = Int32(text ?? "") ?? -1 }
    }
    #expect(group > 1 && kill(-group, 0) == 0)
    handle.cancel()
    #expect(news.wait(milliseconds: 30_000) == [.finished(.cancelled)])
    #expect(eventually { kill(-group, 0) != 0 }, "the group is gone")
    #expect(waitpid(-1, nil, WNOHANG) <= 0, "no child waits to be reaped")
  }

  @Test func aChildIsNicedAloneInItsGroupAndHasOnlyItsPipes() throws {
    let result = try outcome(
      "ulimit -n; ulimit -c; nice; ls /proc/self/fd | wc -l; ps -o pgid= -p $$ | tr -d ' '; echo $$")?.result
    let text = try JSONValue.parse(try #require(result?.value))["text"]?.string ?? ""
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.count == 6 && lines[0] == "256" && lines[1] == "0" && (Int(lines[2]) ?? 0) >= 10)
    #expect(lines[3] == "4", "three pipes, and the folder that ls reads")
    #expect(lines[4] == lines[5])
  }

  @Test func manyRunAtOnce() throws {
    let client = try client("cat > /dev/null; sleep 0.1; printf done")
    let calls = try (0..<24).map { _ in try Running(client, asked("think")) }
    for call in calls {
      let done = HostReport.finished(.succeeded(HostResult(value: Array(#"{"text":"done"}"#.utf8))))
      #expect(call.toEnd() == [.accepted(remote: nil), done])
    }
  }
}
