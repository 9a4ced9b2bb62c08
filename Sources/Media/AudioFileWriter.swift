import CSndFile
import Glibc

/// Writes one audio file. Blocks on the disk: ordinary threads only, one at a time.
///
/// The sound goes to a temporary file beside the target, which takes the target's name in `close`; a writer
/// that failed or was dropped leaves what stood there before. NaN and infinite samples are written as 0 and
/// counted. The same samples always give the same bytes.
package struct AudioFileWriter: ~Copyable {
  package let path: String
  package let format: Format
  package let channels: Int
  /// Hz.
  package let sampleRate: Int
  package private(set) var framesWritten: Int64 = 0
  /// Samples that were NaN or infinite, written as 0.
  package private(set) var replacedSamples: Int64 = 0
  /// Samples beyond full scale, cut to it. Float files keep them, and count none.
  package private(set) var clippedSamples: Int64 = 0

  private let target: WriteTarget
  private let sound: SoundFile
  private let limitBytes: Int64
  private var dither: Dither?
  private var failure: MediaError?
  private var floats: [Float] = []
  private var integers: [Int32] = []

  /// Makes the file. `format` nil means by the ending: .wav as 32 bit float, .flac with 24 bits. `sampleRate`
  /// 1,000 to 768,000 Hz (FLAC to 655,350), `channels` 1 or 2. `dither` adds noise of one step before integers are rounded; float files have none.
  /// `limitBytes` bounds the samples of a WAV file.
  package init(
    path: String, sampleRate: Int, channels: Int, format: Format? = nil, dither: Bool = false,
    limitBytes: Int64 = MediaLimits.maximumWAVBytes
  ) throws(MediaError) {
    let format = try Format.checked(format, path: path)
    try Self.check(sampleRate: sampleRate, channels: channels, format: format, path: path)
    let target = try WriteTarget(path: path)
    var info = SF_INFO()
    info.samplerate = Int32(sampleRate)
    info.channels = Int32(channels)
    info.format = format.libraryNumber
    var failure = ""
    errno = 0
    guard let sound = SoundFile(writing: target, info: info, failure: &failure) else {
      throw Self.refusal(errno, words: failure, path: path)
    }
    // The PEAK chunk holds the time of day, which would make equal renders unequal files.
    sf_command(sound.handle, Int32(SFC_SET_ADD_PEAK_CHUNK), nil, Int32(SF_FALSE))

    self.path = path
    self.format = format
    self.channels = channels
    self.sampleRate = sampleRate
    self.limitBytes = limitBytes
    self.dither = dither && format != .float32 ? Dither() : nil
    self.target = target
    self.sound = sound
  }

  /// Appends frames; `right` is not read when there is one channel. After an error nothing more is written,
  /// and `close` throws it again, except for `formatFull`: what was written before can still be closed and
  /// kept.
  package mutating func write(
    left: UnsafePointer<Float>, right: UnsafePointer<Float>, frames: Int
  ) throws(MediaError) {
    if let failure { throw failure }
    try requireRoom(for: frames)
    var done = 0
    while done < frames {
      let count = min(MediaLimits.blockFrames, frames - done)
      errno = 0
      let written =
        format == .float32
        ? writeFloats(left + done, right + done, frames: count)
        : writeIntegers(left + done, right + done, frames: count)
      guard written == count else {
        let error = Self.refusal(errno, words: sound.failure ?? "", path: path)
        failure = error
        throw error
      }
      done += count
      framesWritten += Int64(count)
    }
    target.wrote(frames * channels * format.bytesPerSample)
  }

  /// Finishes the file and gives it its name. The writer is gone afterwards, whatever happens.
  package consuming func close() throws(MediaError) { try finish().commit() }

  /// Puts all of it on the disk, under its temporary name still: for files that must come into being together.
  package consuming func finish() throws(MediaError) -> FinishedFile {
    if let failure { throw failure }
    let target = target
    let path = path
    let code = sound.close()
    guard code == 0 else { throw WriteTarget.refusal(code, path: path) }
    try target.sync()
    return FinishedFile(target: target)
  }

  private func requireRoom(for frames: Int) throws(MediaError) {
    guard !format.isFLAC else { return }
    let perFrame = Int64(channels * format.bytesPerSample)
    let room = limitBytes / perFrame - framesWritten
    guard Int64(frames) <= room else {
      throw MediaError(
        .formatFull, path: path, asked: "at most \(sizeText(Double(limitBytes))) of samples in a WAV file",
        found: "\(sizeText(Double(framesWritten) * Double(perFrame) + Double(frames) * Double(perFrame)))")
    }
  }

  private mutating func writeFloats(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, frames: Int
  ) -> Int {
    if floats.count < frames * channels { floats = [Float](repeating: 0, count: frames * channels) }
    if areFinite(left, frames), channels == 1 || areFinite(right, frames) {
      interleaveFinite(left, right, frames)
    } else {
      for frame in 0..<frames {
        floats[frame * channels] = finite(left[frame])
        if channels == 2 { floats[2 * frame + 1] = finite(right[frame]) }
      }
    }
    return Int(sf_writef_float(sound.handle, floats, sf_count_t(frames)))
  }

  private func areFinite(_ samples: UnsafePointer<Float>, _ frames: Int) -> Bool {
    TruePeak.largestBits(samples, frames) < Float.infinity.bitPattern
  }

  private mutating func interleaveFinite(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ frames: Int
  ) {
    let channels = channels
    floats.withUnsafeMutableBufferPointer { buffer in
      guard let target = buffer.baseAddress else { return }
      guard channels == 2 else { return target.update(from: left, count: frames) }
      for frame in 0..<frames {
        target[2 * frame] = left[frame]
        target[2 * frame + 1] = right[frame]
      }
    }
  }

  private mutating func writeIntegers(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, frames: Int
  ) -> Int {
    integers.removeAll(keepingCapacity: true)
    integers.reserveCapacity(frames * channels)
    for frame in 0..<frames {
      integers.append(quantised(left[frame]))
      if channels == 2 { integers.append(quantised(right[frame])) }
    }
    return Int(sf_writef_int(sound.handle, integers, sf_count_t(frames)))
  }

  private mutating func finite(_ sample: Float) -> Float {
    if sample.isFinite { return sample }
    replacedSamples += 1
    return 0
  }

  /// The nearest step of the file's width, in the upper bits of 32. libsndfile's own conversion from float
  /// rounds down and scales by one step too few; from 32 bit integers it takes the upper bits as they are.
  private mutating func quantised(_ sample: Float) -> Int32 {
    let sample = finite(sample)
    if sample.magnitude > 1 { clippedSamples += 1 }
    let bits = format.bytesPerSample * 8
    let scale = Double(Int64(1) << (bits - 1))
    let noise = dither?.next() ?? 0
    let step = min(max((Double(sample) * scale + noise).rounded(), -scale), scale - 1)
    return Int32(step) << Int32(32 - bits)
  }
}
