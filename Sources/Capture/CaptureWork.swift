import Glibc
import LockFree

/// What the capture thread owns and does. That thread alone.
final class CaptureWork {
  let wishes: CaptureDesk.Wishes
  let tell: (CaptureNews) -> Void
  let buffer: UnsafeMutableBufferPointer<UInt64>
  private var past: PastSound?
  private var pastReader: HistoryReader
  private var pastStatus = PastStatus()
  private var takes: [UInt64: Take] = [:]
  private var copies: [(token: UInt64, copy: PastCopy)] = []
  var streams: [String: ChunkStream] = [:]
  private var refreshed = ContinuousClock.now
  private var headsTold = ContinuousClock.now

  init(_ wishes: CaptureDesk.Wishes, tell: @escaping (CaptureNews) -> Void) {
    self.wishes = wishes
    self.tell = tell
    buffer = .allocate(capacity: CaptureLimits.batchFrames)
    buffer.initialize(repeating: 0)
    pastReader = HistoryReader(wishes.mix, from: 0)
  }

  deinit { buffer.deallocate() }

  var isCopying: Bool { !copies.isEmpty }

  /// Takes the space for the past. Without it everything else works.
  func begin() {
    guard wishes.pastMinutes > 0 else { return }
    do throws(CaptureError) {
      makeFolder(wishes.folder)
      let past = try PastSound(
        folder: wishes.folder, seconds: 60 * wishes.pastMinutes, sampleRate: wishes.sampleRate,
        origin: wishes.mix.origin)
      self.past = past
      pastStatus.mostFrames = past.promised
      tell(.past(nil))
    } catch {
      pastStatus.problem = error
      tell(.past(error))
    }
  }

  /// With those above it. What cannot be made is told by whoever writes a file there.
  private func makeFolder(_ path: String) {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/\(part)"
      mkdir(made, 0o700)
    }
  }

  // MARK: Orders

  func carryOut(_ order: CaptureOrder) {
    switch order {
    case .start(let token, let plan):
      tell(.started(token: token, Result { () throws(CaptureError) in try start(plan) }))
    case .stop(0, _, _): return
    case .stop(let token, let id, let end):
      tell(.stopped(token: token, Result { () throws(CaptureError) in try stop(id, until: end) }))
    case .save(let token, let id, let frames, let end, let file, let replaces):
      do throws(CaptureError) {
        try save(token, id, frames: frames, until: end, file: file, replaces: replaces)
      } catch { tell(.saved(token: token, .failure(error))) }
    case .openStream(let token, let plan):
      tell(.stream(token: token, Result { () throws(CaptureError) in try open(plan) }))
    case .switchChunk(let token, let uri, let path):
      tell(.stream(token: token, Result { () throws(CaptureError) in try switchChunk(uri, to: path) }))
    case .closeStream(let token, let uri, let end):
      tell(.stream(token: token, Result { () throws(CaptureError) in try close(uri, until: end) }))
    }
  }

  private func start(_ plan: TakePlan) throws(CaptureError) -> Captured {
    guard takes.count < CaptureLimits.takes else {
      throw CaptureError(
        .tooMany, "nothing more is captured", "\(takes.count) captures run, and \(CaptureLimits.takes) may",
        "garden capture stop")
    }
    try checkFree(plan.file)
    let take = try Take(plan, sampleRate: wishes.sampleRate)
    takes[plan.id] = take
    return take.captured
  }

  /// Nobody writes to that file yet. Our own folder is made.
  private func checkFree(_ file: String) throws(CaptureError) {
    let isTaken =
      takes.values.contains { $0.captured.file == file } || copies.contains { $0.copy.captured.file == file }
    guard !isTaken else {
      throw CaptureError(
        .exists, "\(file) was not written", "a capture is being written to it", "give another name")
    }
    if file.hasPrefix(wishes.folder + "/") { makeFolder(wishes.folder) }
  }

  private func stop(_ id: UInt64, until end: Int) throws(CaptureError) -> Captured {
    guard let take = takes.removeValue(forKey: id) else {
      throw CaptureError(
        .unknown, "capture \(id) was not ended", "no such capture runs", "garden capture ls")
    }
    do throws(CaptureError) {
      try take.proceed(buffer, until: end)
      return take.end()
    } catch { return take.end(error) }
  }

  private func save(
    _ token: UInt64, _ id: UInt64, frames: Int, until end: Int, file: String, replaces: Bool
  ) throws(CaptureError) {
    keepPast()
    guard let past else {
      let why = pastStatus.problem?.lines.prefix(2).joined(separator: ": ")
      throw CaptureError(
        .nothingKept, "nothing was saved", why ?? "the setting capture.minutes is 0",
        "chaosgarden --capture-minutes 5, or garden capture start")
    }
    try checkFree(file)
    let copy = try PastCopy(
      past, id: id, frames: frames, until: end, file: file, sampleRate: wishes.sampleRate, replaces: replaces)
    copies.append((token, copy))
  }

  // MARK: What is always done

  func proceed() {
    keepPast()
    for (id, take) in takes {
      do throws(CaptureError) { try take.proceed(buffer) } catch { giveUp(id, take, error) }
    }
    proceedStreams()
    let now = ContinuousClock.now
    if now - refreshed >= .milliseconds(CaptureLimits.refreshMilliseconds) {
      refreshed = now
      for (id, take) in takes {
        do throws(CaptureError) { try take.refresh() } catch { giveUp(id, take, error) }
      }
    }
    if now - headsTold >= .milliseconds(CaptureLimits.headMilliseconds) {
      headsTold = now
      for stream in streams.values { tell(.head(stream.status)) }
    }
    copySome(from: now)
  }

  private func giveUp(_ id: UInt64, _ take: Take, _ error: CaptureError) {
    takes[id] = nil
    tell(.ended(take.end(error)))
  }

  private func keepPast() {
    guard let past else { return }
    while let stretch = pastReader.take(buffer) {
      do throws(CaptureError) {
        switch stretch {
        case .sound(let count):
          if let start = buffer.baseAddress { try past.append(start, count: count) }
        case .lost(let count):
          pastStatus.lostFrames += Int64(count)
          try past.lose(count)
        }
      } catch {
        // Its space is taken, so this is a disk that fails. Said once; what follows may be kept again.
        if pastStatus.problem == nil { tell(.past(error)) }
        pastStatus.problem = error
        pastStatus.lostFrames += Int64(CaptureLimits.blockFrames)
      }
    }
    pastStatus.frames = past.kept
  }

  private func copySome(from start: ContinuousClock.Instant) {
    while let (token, copy) = copies.first,
      ContinuousClock.now - start < .milliseconds(CaptureLimits.copyMilliseconds)
    {
      do throws(CaptureError) {
        if try copy.proceed(buffer) { continue }
        tell(.saved(token: token, .success(copy.captured)))
      } catch {
        copy.discard()
        tell(.saved(token: token, .failure(error)))
      }
      copies.removeFirst()
    }
  }

  /// The end of the daemon: what runs is written to its end, what is being copied is copied.
  func end() {
    for (_, take) in takes {
      do throws(CaptureError) {
        try take.proceed(buffer)
        tell(.ended(take.end()))
      } catch { tell(.ended(take.end(error))) }
    }
    takes = [:]
    endStreams()
    while isCopying { copySome(from: .now) }
  }

  var status: CaptureDesk.Status {
    var status = CaptureDesk.Status()
    status.captures = takes.values.map(\.captured).sorted { $0.id < $1.id }
    status.streams = streams.values.map(\.status).sorted { $0.uri < $1.uri }
    status.past = pastStatus
    return status
  }
}
