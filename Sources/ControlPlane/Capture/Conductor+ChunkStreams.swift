import Arrangement
import Capture
import ControlSocket
import FoundationEssentials
import HootWire
import LockFree
import RealtimeEngine
import Tools

/// A sound that a peer wants in chunk files of its own.
struct StreamWish {
  var uri: String
  /// `mix`, a strip as `track:NAME`, `input`, or a part of the name of something to be attached.
  var identity: String
  /// nil: whatever it has.
  var sampleRate: Int?
  var channels: Int
  var chunkBytes: Int64
  var path: String
}

/// A stream that runs, or is about to.
struct RunningStream {
  var history: FrameHistory
  var loan: TapLoan?
}

// hootenanny's streams. The other side makes each chunk's file, and gives the next one when it hears that one is full.
extension Conductor {
  typealias StreamResult = Result<StreamStatus, Refusal>

  func startStream(_ wish: StreamWish, then: @escaping (StreamResult) -> Void) {
    do throws(Refusal) {
      try check(wish)
      switch try streamSource(wish.identity) {
      case .mix: try open(wish, RunningStream(history: engine.output), from: engine.output.written, then)
      case .input: try openTapped(wish, strip: EngineLimits.inputStrip, then)
      case .strip(_, let slot, _): try openTapped(wish, strip: slot, then)
      case nil:
        try attachInput(wish.identity, monitor: false) { [self] refusal in
          if let refusal { return then(.failure(Self.streamRefusal("start", refusal.lines))) }
          do throws(Refusal) { try openTapped(wish, strip: EngineLimits.inputStrip, then) } catch {
            then(.failure(error))
          }
        }
      }
    } catch { then(.failure(error)) }
  }

  func switchChunk(_ uri: String, to path: String, then: @escaping (StreamResult) -> Void) {
    let token = expect("switch_chunk", then)
    do throws(Refusal) { try submit(.switchChunk(token: token, uri: uri, path: path), token) } catch {
      then(.failure(error))
    }
  }

  func stopStream(_ uri: String, then: @escaping (StreamResult) -> Void) {
    let end = streams[uri]?.history.written ?? 0
    let token = expect("stop") { [self] result in
      if let stream = streams.removeValue(forKey: uri), let loan = stream.loan { endTap(loan) }
      if case .success(let status) = result { publishHead(status) }
      then(result)
    }
    do throws(Refusal) { try submit(.closeStream(token: token, uri: uri, until: end), token) } catch {
      then(.failure(error))
    }
  }

  // MARK: Starting

  private func check(_ wish: StreamWish) throws(Refusal) {
    let rate = Int(engine.sampleRate)
    guard streams[wish.uri] == nil else {
      throw Self.streamRefusal("start", ["stream already exists: \(wish.uri)", "it runs", "stream_stop"])
    }
    guard wish.sampleRate == nil || wish.sampleRate == rate else {
      throw Self.streamRefusal(
        "start",
        [
          "failed to start capture for stream \(wish.uri)",
          "\(wish.sampleRate ?? 0) frames a second were asked for; this daemon captures \(rate)",
          "sample_rate \(rate)",
        ])
    }
    guard (1...2).contains(wish.channels) else {
      throw Self.streamRefusal(
        "start",
        [
          "failed to start capture for stream \(wish.uri)", "\(wish.channels) channels; there are 1 or 2",
          "channels 2",
        ])
    }
  }

  /// nil: something that is not attached yet.
  private func streamSource(_ identity: String) throws(Refusal) -> CaptureSource? {
    if identity == "mix" || identity == "monitor" || identity == HootFrame.service { return .mix }
    if identity.hasPrefix("track:") {
      do {
        let strip = try timeline.strip(String(identity.dropFirst(6)))
        return .strip(strip.id, slot: slot(of: strip), name: strip.name)
      } catch { throw Self.streamRefusal("start", Refusal(error).lines) }
    }
    guard let source = keeper?.input.status().source else { return nil }
    if identity == "input" || source.names.contains(where: { $0.contains(identity) }) { return .input }
    throw Self.streamRefusal(
      "start",
      [
        "failed to start capture for stream with \(identity)",
        "\(source.names.joined(separator: ", ")) is attached, and one input may be", "detach_input",
      ])
  }

  private func openTapped(
    _ wish: StreamWish, strip: Int, _ then: @escaping (StreamResult) -> Void
  ) throws(Refusal) {
    let loan = try lendTap(strip: strip) { [self] loan in
      let running = RunningStream(history: loan.history, loan: loan)
      do throws(Refusal) { try open(wish, running, from: 0, then) } catch {
        streams[wish.uri] = nil
        endTap(loan)
        then(.failure(error))
      }
    }
    // From here on the name is taken.
    streams[wish.uri] = RunningStream(history: loan.history, loan: loan)
  }

  private func open(
    _ wish: StreamWish, _ running: RunningStream, from first: Int, _ then: @escaping (StreamResult) -> Void
  ) throws(Refusal) {
    let token = expect("start") { [self] result in
      if case .failure = result {
        streams[wish.uri] = nil
        if let loan = running.loan { endTap(loan) }
      }
      then(result)
    }
    let plan = StreamPlan(
      uri: wish.uri, history: running.history, first: first, channels: wish.channels,
      chunkBytes: wish.chunkBytes, path: wish.path)
    try submit(.openStream(token: token, plan), token)
    streams[wish.uri] = running
  }

  private func expect(_ step: String, _ then: @escaping (StreamResult) -> Void) -> UInt64 {
    captures.expect { news in
      guard case .stream(_, let result) = news else { return }
      then(result.mapError { Self.streamRefusal(step, $0.lines) })
    }
  }

  static func streamRefusal(_ step: String, _ lines: [String]) -> Refusal {
    Refusal("stream_\(step)_failed", .refused, lines[0], lines[1], lines[2])
  }

  // MARK: News

  func publishHead(_ status: StreamStatus) {
    server.publish(
      iopub: [
        "type": "stream_head_position", "stream_uri": .string(status.uri),
        "sample_position": .integer(status.samples), "byte_position": .integer(status.bytes),
        "wall_clock": .string(Timestamp.now.text),
      ])
    server.publishEvent(
      topic: "stream",
      content: [
        "type": "stream_head", "stream_uri": .string(status.uri), "samples": .integer(status.samples),
        "bytes": .integer(status.bytes), "chunk_bytes": .integer(status.chunkBytes),
        "waiting_frames": .integer(status.waitingFrames), "discarded_samples": .integer(status.discarded),
        "silent": .bool(status.level.isSilent),
      ])
  }

  func publishFull(_ status: StreamStatus, _ path: String, bytes: Int64, samples: Int64) {
    let content: JSONValue = [
      "type": "stream_chunk_full", "stream_uri": .string(status.uri), "path": .string(path),
      "bytes_written": .integer(bytes), "samples_written": .integer(samples),
      "wall_clock": .string(Timestamp.now.text),
    ]
    server.publish(iopub: content)
    server.publishEvent(topic: "stream", content: content)
  }

  func publishFailure(_ status: StreamStatus, _ error: CaptureError, recoverable: Bool) {
    let content: JSONValue = [
      "type": "stream_error", "stream_uri": .string(status.uri),
      "error": .string(error.lines.prefix(2).joined(separator: ": ")), "recoverable": .bool(recoverable),
    ]
    server.publish(iopub: content)
    server.publishEvent(topic: "stream", content: content)
  }
}
