import CSndFile
import Glibc

/// Decodes one file block by block into one or two planar channels, folded and free of values that are no
/// sound. One ordinary thread at a time.
struct AudioDecoder: ~Copyable {
  /// As the header has it. `frames` is 0 while `statedFrames` is nil.
  let info: AudioFileInfo
  /// The header's length, or nil when it states none or one that the file's size cannot hold.
  let statedFrames: Int64?
  let channels: Int

  /// The file's frame that the next block begins with.
  private(set) var framesRead: Int64 = 0
  /// Samples that were NaN, infinite or absurdly large, and were read as 0.
  private(set) var replacedSamples: Int64 = 0

  private let sound: SoundFile
  private let fold: ChannelFold
  private let interleaved: UnsafeMutablePointer<Float>
  private let leftBlock: UnsafeMutablePointer<Float>
  private let rightBlock: UnsafeMutablePointer<Float>

  /// No coding packs more frames than this into a byte; a header that says so is not believed.
  private static let plausibleFramesPerByte: Int64 = 8_192

  /// Whether a seek ends on the very frame, with the samples that decoding from the start would give: true of
  /// samples of a fixed size, and of FLAC, whose frames stand alone. MP3, Vorbis, Opus and ADPCM carry a state
  /// from frame to frame.
  let seeksExactly: Bool

  init(path: String) throws(MediaError) {
    try self.init(RegularFile(reading: path), path: path)
  }

  /// Decodes a file that is open already.
  ///
  /// - Parameter shared: the place to read it through when others read it too.
  init(_ file: RegularFile, path: String, shared: PositionedFile? = nil) throws(MediaError) {
    let sound = try Self.openSound(file, path: path, shared: shared)
    let header = sound.info
    try Self.check(header, path: path)
    seeksExactly = Self.seeksExactly(header.format)

    let plausible = file.size.multipliedReportingOverflow(by: Self.plausibleFramesPerByte)
    let isEstimate = sound.isLengthEstimated
    let known = !isEstimate && (plausible.overflow || header.frames <= plausible.partialValue)
    statedFrames = known ? header.frames : nil
    let container = Int(header.format) & SF_FORMAT_TYPEMASK
    let claimed = known ? StatedLength.beyondEnd(of: file, frames: header.frames) : nil
    // An Ogg stream says its length on its last page: without one, the end is missing.
    info = AudioFileInfo(
      path: path, format: FormatName.text(header.format), sampleRate: Int(header.samplerate),
      channels: Int(header.channels), frames: known ? header.frames : 0,
      truncated: claimed != nil || (!known && container == SF_FORMAT_OGG), claimedFrames: claimed)

    fold = ChannelFold(channels: Int(header.channels), container: container, map: sound.channelMap)
    channels = fold.outputChannels
    interleaved = .allocate(capacity: MediaLimits.blockFrames * Int(header.channels))
    leftBlock = .allocate(capacity: MediaLimits.blockFrames)
    rightBlock = channels == 2 ? .allocate(capacity: MediaLimits.blockFrames) : leftBlock
    self.sound = sound
  }

  deinit {
    interleaved.deallocate()
    leftBlock.deallocate()
    if rightBlock != leftBlock { rightBlock.deallocate() }
  }

  /// The block read last. Valid until the next `readBlock`.
  var left: UnsafePointer<Float> { UnsafePointer(leftBlock) }
  /// Equal to `left` when there is one channel.
  var right: UnsafePointer<Float> { UnsafePointer(rightBlock) }

  /// Why decoding stopped, in the library's words; nil when it merely came to the end.
  var failure: String? { sound.failure }

  /// What was decoded, once `readBlock` has returned 0.
  var decodedInfo: AudioFileInfo { info.decoded(framesRead, stated: statedFrames) }

  /// Refuses a file of which not one frame could be decoded. To be asked once `readBlock` has returned 0.
  func requireSound() throws(MediaError) {
    guard framesRead == 0 else { return }
    let stated = info.claimedFrames ?? statedFrames
    throw MediaError(
      .truncated, path: info.path, asked: stated.map { "\($0) frames, as the header states" } ?? "some sound",
      found: failure ?? "0 frames")
  }

  /// Decodes up to `MediaLimits.blockFrames` frames into `left` and `right`. Returns their number, 0 at the
  /// end.
  mutating func readBlock() -> Int {
    let frames = Int(sf_readf_float(sound.handle, interleaved, sf_count_t(MediaLimits.blockFrames)))
    guard frames > 0 else { return 0 }
    framesRead += Int64(frames)
    clean(samples: frames * info.channels)
    switch info.channels {
    case 1: leftBlock.update(from: interleaved, count: frames)
    case 2: split(frames)
    default: foldDown(frames)
    }
    return frames
  }

  /// Goes to a frame of the file. Only where `seeksExactly`; false when the library refuses.
  mutating func seek(to frame: Int64) -> Bool {
    guard seeksExactly, sf_seek(sound.handle, sf_count_t(frame), SEEK_SET) == frame else { return false }
    framesRead = frame
    return true
  }

  private static func seeksExactly(_ format: Int32) -> Bool {
    if Int(format) & SF_FORMAT_TYPEMASK == SF_FORMAT_FLAC { return true }
    switch Int(format) & SF_FORMAT_SUBMASK {
    case SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32,
      SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE, SF_FORMAT_ULAW, SF_FORMAT_ALAW:
      return true
    default: return false
    }
  }

  private mutating func clean(samples: Int) {
    for index in 0..<samples where !(interleaved[index].magnitude <= MediaLimits.largestSample) {
      interleaved[index] = 0
      replacedSamples += 1
    }
  }

  private func split(_ frames: Int) {
    for frame in 0..<frames {
      leftBlock[frame] = interleaved[frame &* 2]
      rightBlock[frame] = interleaved[frame &* 2 &+ 1]
    }
  }

  private func foldDown(_ frames: Int) {
    var source = UnsafePointer(interleaved)
    let width = info.channels
    fold.left.withUnsafeBufferPointer { leftGains in
      fold.right.withUnsafeBufferPointer { rightGains in
        for frame in 0..<frames {
          var (left, right): (Float, Float) = (0, 0)
          for channel in 0..<width {
            left += source[channel] * leftGains[channel]
            right += source[channel] * rightGains[channel]
          }
          leftBlock[frame] = left
          rightBlock[frame] = right
          source += width
        }
      }
    }
  }

  private static func openSound(
    _ file: RegularFile, path: String, shared: PositionedFile?
  ) throws(MediaError) -> SoundFile {
    var failure = ""
    let opened =
      if let shared {
        SoundFile(reading: shared, failure: &failure)
      } else {
        SoundFile(reading: file, failure: &failure)
      }
    guard let sound = opened else {
      throw MediaError(.notAudio, path: path, asked: "audio that libsndfile can decode", found: failure)
    }
    let isMPEG = Int(sound.info.format) & SF_FORMAT_TYPEMASK == SF_FORMAT_MPEG
    guard isMPEG, LengthenedFile.isNeeded(for: file), let longer = LengthenedFile(file),
      let whole = SoundFile(reading: longer, failure: &failure)
    else { return sound }
    return whole
  }

  private static func check(_ header: SF_INFO, path: String) throws(MediaError) {
    guard (1...MediaLimits.maximumChannels).contains(Int(header.channels)) else {
      throw MediaError(
        .tooManyChannels, path: path, asked: "1 to \(MediaLimits.maximumChannels) channels",
        found: "\(header.channels) channels")
    }
    let rates = MediaLimits.minimumRate...MediaLimits.maximumRate
    guard rates.contains(Int(header.samplerate)) else {
      throw MediaError(
        .badRate, path: path, asked: "\(rates.lowerBound) to \(rates.upperBound) Hz",
        found: "\(header.samplerate) Hz")
    }
    guard header.frames > 0 else {
      throw MediaError(.empty, path: path, asked: "at least one frame", found: "a header that states none")
    }
  }
}
