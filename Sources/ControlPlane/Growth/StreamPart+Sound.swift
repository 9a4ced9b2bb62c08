import Tools

extension PCM {
  /// Interleaved samples: `audio/L16` (RFC 2586: most significant byte first), or `audio/pcm` with a `format` of `s16le`,
  /// `s24le`, `s32le` or `f32le`.
  init(_ bytes: [UInt8], _ type: MIMEType) throws(PartFault) {
    let format: SampleFormat
    if type.name == "audio/l16" {
      format = .s16be
    } else {
      let word = type.word("format") ?? "s16le"
      guard let known = SampleFormat(rawValue: word) else {
        throw PartFault(
          "its samples are \(shownText(String(word.prefix(20)))), and s16le, s24le, s32le or f32le are known")
      }
      format = known
    }
    guard let rate = type.number("rate") else { throw PartFault("its type says no rate") }
    try self.init(bytes[...], format, rate: rate, channels: type.number("channels") ?? 1)
  }

  init(
    _ bytes: ArraySlice<UInt8>, _ format: SampleFormat, rate: Int, channels: Int
  ) throws(PartFault) {
    guard (4000...384_000).contains(rate) else {
      throw PartFault("its rate is \(rate) Hz, and 4000 to 384000 are allowed")
    }
    guard (1...2).contains(channels) else {
      throw PartFault("it has \(channels) channels, and 1 or 2 are allowed")
    }
    let width = format.bytes * channels
    guard bytes.count % width == 0, !bytes.isEmpty else {
      throw PartFault("it has \(bytes.count) bytes, and a frame has \(width)")
    }
    let frames = bytes.count / width
    self.rate = rate
    left = [Float](repeating: 0, count: frames)
    right = [Float](repeating: 0, count: channels == 2 ? frames : 0)
    bytes.withUnsafeBytes { raw in
      for frame in 0..<frames {
        left[frame] = format.sample(raw, at: frame * width)
        if channels == 2 { right[frame] = format.sample(raw, at: frame * width + format.bytes) }
      }
    }
  }
}

enum SampleFormat: String {
  case s16le, s16be, s24le, s32le, f32le

  var bytes: Int {
    switch self {
    case .s16le, .s16be: 2
    case .s24le: 3
    case .s32le, .f32le: 4
    }
  }

  /// Full scale is 1.
  func sample(_ raw: UnsafeRawBufferPointer, at place: Int) -> Float {
    func byte(_ index: Int) -> Int32 { Int32(raw[place + index]) }
    switch self {
    case .s16le: return Float(Int16(truncatingIfNeeded: byte(0) | byte(1) << 8)) / 32_768
    case .s16be: return Float(Int16(truncatingIfNeeded: byte(1) | byte(0) << 8)) / 32_768
    case .s24le: return Float((byte(0) << 8 | byte(1) << 16 | byte(2) << 24) >> 8) / 8_388_608
    case .s32le: return Float(byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24) / 2_147_483_648
    case .f32le:
      return Float(bitPattern: UInt32(bitPattern: byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24))
    }
  }
}

/// A RIFF WAVE file whose length may not have been known when it was begun (Microsoft and IBM, Multimedia Programming
/// Interface 1.0).
enum WavePart {
  static func read(_ bytes: [UInt8]) throws(PartFault) -> PCM {
    func word(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
    func long(_ at: Int) -> Int { word(at) | word(at + 2) << 16 }
    guard bytes.count >= 12, bytes[8..<12].elementsEqual("WAVE".utf8) else {
      throw PartFault("it is no WAV file")
    }
    var place = 12
    var layout: (format: SampleFormat, channels: Int, rate: Int)?
    while place + 8 <= bytes.count {
      let name = bytes[place..<(place + 4)]
      let stated = long(place + 4)
      let body = place + 8
      if name.elementsEqual("fmt ".utf8) {
        guard stated >= 16, body + stated <= bytes.count else { throw PartFault("its format is cut off") }
        let isLong = word(body) == 0xFFFE && stated >= 26
        let code = isLong ? word(body + 24) : word(body)
        guard let format = format(code, bits: word(body + 14)) else {
          throw PartFault(
            "its samples are of format \(code) with \(word(body + 14)) bits, which is not known")
        }
        layout = (format, word(body + 2), long(body + 4))
      } else if name.elementsEqual("data".utf8) {
        guard let layout else { throw PartFault("it says no format before its samples") }
        let width = max(1, layout.format.bytes * max(1, layout.channels))
        // Nothing or all ones: the rest of it.
        let isOpen = stated == 0 || stated == 0xFFFF_FFFF
        let count = isOpen ? (bytes.count - body) / width * width : stated
        guard body + count <= bytes.count else {
          throw PartFault("it states \(stated) bytes of samples, and has \(bytes.count - body)")
        }
        return try PCM(
          bytes[body..<(body + count)], layout.format, rate: layout.rate, channels: layout.channels)
      }
      place = body + stated + stated % 2
    }
    throw PartFault("it has no samples")
  }

  private static func format(_ code: Int, bits: Int) -> SampleFormat? {
    switch (code, bits) {
    case (1, 16): .s16le
    case (1, 24): .s24le
    case (1, 32): .s32le
    case (3, 32): .f32le
    default: nil
    }
  }
}
