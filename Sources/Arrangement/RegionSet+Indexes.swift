import FoundationEssentials
import MusicalTime

/// A UUID as a number: its bytes in their order, which is also that of its text.
struct BigID: Sendable, Comparable {
  var high: UInt64
  var low: UInt64

  init(_ id: UUID) {
    let bytes = id.uuid
    high = Self.word(bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5, bytes.6, bytes.7)
    low = Self.word(bytes.8, bytes.9, bytes.10, bytes.11, bytes.12, bytes.13, bytes.14, bytes.15)
  }

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  private static func word(_ bytes: UInt8...) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

  static func < (one: BigID, other: BigID) -> Bool {
    one.high != other.high ? one.high < other.high : one.low < other.low
  }

  /// The numbers whose text begins so, hyphens where they belong; nil when none can.
  static func range(_ beginning: String) -> ClosedRange<BigID>? {
    let text = Array(beginning.lowercased().utf8)
    guard text.count <= 36 else { return nil }
    var digits: [UInt64] = []
    for (index, byte) in text.enumerated() {
      let isHyphen = [8, 13, 18, 23].contains(index)
      switch byte {
      case 0x2D where isHyphen: continue
      case 0x30...0x39 where !isHyphen: digits.append(UInt64(byte - 0x30))
      case 0x61...0x66 where !isHyphen: digits.append(UInt64(byte - 0x61 + 10))
      default: return nil
      }
    }
    func number(filledWith filling: UInt64) -> BigID {
      func word(_ first: Int) -> UInt64 {
        (first..<first + 16).reduce(0) { $0 << 4 | ($1 < digits.count ? digits[$1] : filling) }
      }
      return BigID(high: word(0), low: word(16))
    }
    return number(filledWith: 0)...number(filledWith: 15)
  }
}

extension RegionSet {
  struct Identified: SortedElement {
    var id: BigID
    var region: RegionPlace
    var place: BigID { id }
  }

  struct NamePlace: Sendable, Comparable {
    var name: String
    var region: RegionPlace

    static func < (one: NamePlace, other: NamePlace) -> Bool {
      one.name != other.name ? one.name < other.name : one.region < other.region
    }
  }

  struct Named: SortedElement {
    var name: String
    var region: RegionPlace
    var place: NamePlace { NamePlace(name: name, region: region) }
  }

  struct Keyed: SortedElement {
    var key: UInt64
    var start: Tick
    var place: UInt64 { key }
  }

  /// How many regions play a clip.
  struct Use: SortedElement {
    var clip: BigID
    var count: Int
    var place: BigID { clip }
  }
}
