/// The font's tables read back from its bytes, by the offsets of the format's specification and nothing of
/// the writer's.
struct ParsedSoundFont {
  struct Preset { let name: String, program: Int, bank: Int, firstZone: Int }
  struct Instrument { let name: String, firstZone: Int }
  struct Bag { let firstGenerator: Int, firstModulator: Int }
  struct Generator { let kind: Int, amount: Int }
  struct Sample {
    let name: String
    let start, end, loopStart, loopEnd, rate, rootKey, correction, type: Int
  }

  enum Malformed: Error {
    case tag(String, at: Int)
    case size(String, Int)
  }

  private(set) var information: [String: [UInt8]] = [:]
  private(set) var frames: [Int16] = []
  private(set) var chunks: [String: [UInt8]] = [:]

  init(_ bytes: [UInt8]) throws {
    guard Self.tag(bytes, 0) == "RIFF", Self.tag(bytes, 8) == "sfbk" else {
      throw Malformed.tag("RIFF", at: 0)
    }
    guard Self.u32(bytes, 4) == bytes.count - 8 else { throw Malformed.size("RIFF", Self.u32(bytes, 4)) }
    for (tag, body) in try Self.split(Array(bytes[12...])) {
      guard tag == "LIST" else { throw Malformed.tag(tag, at: 12) }
      for (name, data) in try Self.split(Array(body[4...])) {
        switch Self.tag(body, 0) {
        case "INFO": information[name] = data
        case "sdta":
          frames = stride(from: 0, to: data.count, by: 2).map {
            Int16(truncatingIfNeeded: Self.i16(data, $0))
          }
        default: chunks[name] = data
        }
      }
    }
  }

  var presets: [Preset] {
    records("phdr", 38) { data, at in
      Preset(
        name: Self.name(data, at), program: Self.u16(data, at + 20), bank: Self.u16(data, at + 22),
        firstZone: Self.u16(data, at + 24))
    }
  }
  var instruments: [Instrument] {
    records("inst", 22) { Instrument(name: Self.name($0, $1), firstZone: Self.u16($0, $1 + 20)) }
  }
  var samples: [Sample] {
    records("shdr", 46) { data, at in
      Sample(
        name: Self.name(data, at), start: Self.u32(data, at + 20), end: Self.u32(data, at + 24),
        loopStart: Self.u32(data, at + 28), loopEnd: Self.u32(data, at + 32), rate: Self.u32(data, at + 36),
        rootKey: Int(data[at + 40]), correction: Int(Int8(bitPattern: data[at + 41])),
        type: Self.u16(data, at + 44))
    }
  }
  func bags(_ table: String) -> [Bag] {
    records(table, 4) { Bag(firstGenerator: Self.u16($0, $1), firstModulator: Self.u16($0, $1 + 2)) }
  }
  func generators(_ table: String) -> [Generator] {
    records(table, 4) { Generator(kind: Self.u16($0, $1), amount: Self.i16($0, $1 + 2)) }
  }

  /// The generators of each zone of one preset or instrument.
  func zones(_ bagTable: String, _ generatorTable: String, _ range: Range<Int>) -> [[Generator]] {
    let bags = bags(bagTable)
    let generators = generators(generatorTable)
    return range.map { Array(generators[bags[$0].firstGenerator..<bags[$0 + 1].firstGenerator]) }
  }

  func size(_ table: String) -> Int { chunks[table]?.count ?? 0 }

  private func records<T>(_ table: String, _ size: Int, _ read: ([UInt8], Int) -> T) -> [T] {
    let data = chunks[table] ?? []
    return stride(from: 0, to: data.count, by: size).map { read(data, $0) }
  }

  private static func split(_ data: [UInt8]) throws -> [(String, [UInt8])] {
    var found: [(String, [UInt8])] = []
    var at = 0
    while at < data.count {
      guard at + 8 <= data.count else { throw Malformed.size("header", at) }
      let size = u32(data, at + 4)
      guard size % 2 == 0, at + 8 + size <= data.count else { throw Malformed.size(tag(data, at), size) }
      found.append((tag(data, at), Array(data[at + 8..<at + 8 + size])))
      at += 8 + size
    }
    return found
  }

  private static func tag(_ data: [UInt8], _ at: Int) -> String {
    String(decoding: data[at..<at + 4], as: UTF8.self)
  }
  private static func u16(_ data: [UInt8], _ at: Int) -> Int { Int(data[at]) | Int(data[at + 1]) << 8 }
  private static func i16(_ data: [UInt8], _ at: Int) -> Int { Int(Int16(truncatingIfNeeded: u16(data, at))) }
  private static func u32(_ data: [UInt8], _ at: Int) -> Int { u16(data, at) | u16(data, at + 2) << 16 }
  private static func name(_ data: [UInt8], _ at: Int) -> String {
    String(decoding: data[at..<at + 20].prefix { $0 != 0 }, as: UTF8.self)
  }
}
