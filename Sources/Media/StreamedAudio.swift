import Threading

/// A file that is not kept in memory but read while it plays. It stays open: renamed or deleted, it plays on.
///
/// Immutable, any thread. What reads it is a `StreamSource`, of which there may be many.
package final class StreamedAudio: Sendable {
  package let path: String
  /// 1 or 2.
  package let channels: Int
  /// At `sampleRate`, at least 1: from the header, so the file may turn out to hold less.
  package let frames: Int64
  /// Hz, as asked.
  package let sampleRate: Double
  package let sourceInfo: AudioFileInfo
  /// False for a coding that has to be decoded from its start to get anywhere.
  package let seeksExactly: Bool

  let plan: SegmentPlan?
  private let file: RegularFile
  private let probe: (any DiskProbe)?

  /// Opens a file for streaming.
  ///
  /// Reads the header only, except of the few files that state no length, which are decoded once to count it.
  package init(path: String, sampleRate: Double, probe: (any DiskProbe)? = nil) throws(MediaError) {
    try AudioFileReader.requireRate(sampleRate, path: path)
    file = try RegularFile(reading: path)
    let decoder = try AudioDecoder(file, path: path, shared: PositionedFile(file, path: path))
    let length = ClipLength(
      path: path, channels: decoder.channels, fileRate: decoder.info.sampleRate, sampleRate: sampleRate,
      limitBytes: .max)
    let fileFrames = try AudioFileReader.fileFrames(stated: decoder.statedFrames, upTo: length)
    let frames = length.frames(from: fileFrames)
    let isEqual = sampleRate == Double(decoder.info.sampleRate)
    plan =
      isEqual ? nil : SegmentPlan(from: decoder.info.sampleRate, to: sampleRate)
    guard isEqual || plan != nil else {
      throw MediaError(
        .badRate, path: path, asked: "a whole number of Hz for a file that streams", found: "\(sampleRate) Hz"
      )
    }
    guard frames >= 1, frames <= Double(MediaLimits.maximumStreamFrames) else {
      throw MediaError(
        frames < 1 ? .empty : .tooLarge, path: path,
        asked: "1 to \(MediaLimits.maximumStreamFrames) frames at \(sampleRate) Hz", found: "\(frames)")
    }
    self.path = path
    self.probe = probe
    self.frames = Int64(frames)
    self.sampleRate = sampleRate
    channels = decoder.channels
    seeksExactly = decoder.seeksExactly
    sourceInfo =
      decoder.statedFrames == nil ? decoder.info.decoded(fileFrames, stated: nil) : decoder.info
  }

  /// The disk that the file is on, as the system numbers them.
  package var disk: UInt64 { probe?.disk(of: path) ?? file.disk }

  /// Whether both are the same file, however they were come to.
  package func isSameFile(as other: StreamedAudio) -> Bool {
    file.disk == other.file.disk && file.number == other.file.number
  }

  /// Whether the open file has been written over or cut short since.
  package var isChanged: Bool { file.isChanged }

  /// The file's frames, read through a place of their own.
  func cursor() throws(MediaError) -> FrameCursor {
    let (file, path, probe) = (file, path, probe)
    return try FrameCursor { () throws(MediaError) in
      try AudioDecoder(file, path: path, shared: PositionedFile(file, path: path, probe: probe))
    }
  }
}

/// One place in a file that streams. One thread at a time: it waits for the disk.
package final class StreamSource {
  package let audio: StreamedAudio
  private var cursor: FrameCursor
  private let resampler: SegmentResampler?
  /// The segment that `resampler` holds, and how much of it the file has sound for.
  private var segment: Int64 = -1
  private var present = 0

  package init(_ audio: StreamedAudio) throws(MediaError) {
    self.audio = audio
    cursor = try audio.cursor()
    resampler = audio.plan.map { plan in
      SegmentResampler(
        plan, from: audio.sourceInfo.sampleRate, to: audio.sampleRate, channels: audio.channels,
        path: audio.path)
    }
  }

  /// Copies the frames from `frame` on, as `AudioFileReader.load` would have them, bit for bit. `right` is not
  /// touched when there is one channel. Answers how many the file had: fewer than `count` when it ends before
  /// what its header states.
  package func read(
    at frame: Int64, count: Int, left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>
  ) throws(MediaError) -> Int {
    guard frame >= 0, frame < audio.frames else { return 0 }
    let count = Int(min(Int64(count), audio.frames - frame))
    guard let resampler, let plan = audio.plan else {
      return try cursor.read(at: frame, count: count, left: left, right: right)
    }
    var done = 0
    while done < count {
      let (wanted, inside) = (frame + Int64(done)).quotientAndRemainder(dividingBy: Int64(plan.output))
      if wanted != segment {
        segment = -1
        present = try resampler.make(wanted, from: &cursor)
        segment = wanted
      }
      let part = min(count - done, present - Int(inside))
      guard part > 0 else { break }
      (left + done).update(from: resampler.left + Int(inside), count: part)
      if audio.channels == 2 { (right + done).update(from: resampler.right + Int(inside), count: part) }
      done += part
    }
    return done
  }
}

/// An audio file as a clip's material.
package enum AudioMaterial: Sendable {
  case resident(AudioBuffer)
  case streamed(StreamedAudio)

  /// Opens a file: short ones come into memory, long ones stream.
  ///
  /// - Parameters:
  ///   - residentBytes: decoded samples up to this size come into memory.
  ///   - limitBytes: up to this size when the file cannot be entered midway without decoding all before.
  package static func open(
    path: String, sampleRate: Double, residentBytes: Int, limitBytes: Int, probe: (any DiskProbe)? = nil
  ) throws(MediaError) -> AudioMaterial {
    guard let streamed = try streamable(path: path, sampleRate: sampleRate, probe) else {
      return .resident(
        try AudioFileReader.load(path: path, sampleRate: sampleRate, limitBytes: limitBytes))
    }
    let (bytes, overflow) = streamed.frames.multipliedReportingOverflow(
      by: Int64(streamed.channels * MemoryLayout<Float>.stride))
    let limit = streamed.seeksExactly ? min(residentBytes, limitBytes) : limitBytes
    if overflow || bytes > Int64(limit) { return .streamed(streamed) }
    return .resident(
      try AudioFileReader.load(path: path, sampleRate: sampleRate, limitBytes: limitBytes))
  }

  /// Nil for a rate that only the resident way can take.
  private static func streamable(
    path: String, sampleRate: Double, _ probe: (any DiskProbe)?
  ) throws(MediaError) -> StreamedAudio? {
    guard sampleRate == sampleRate.rounded() else { return nil }
    return try StreamedAudio(path: path, sampleRate: sampleRate, probe: probe)
  }
}
