import Capture
import FoundationEssentials
import LockFree
import RealtimeEngine

/// What is captured. The mix is always there; a strip is tapped for as long as somebody wants it.
enum CaptureSource: Equatable {
  case mix, input
  case strip(UUID, slot: Int, name: String)

  /// Where the renderer finds it; nil for what it always keeps.
  var strip: Int? {
    switch self {
    case .mix: nil
    case .input: EngineLimits.inputStrip
    case .strip(_, let slot, _): slot
    }
  }

  /// As whoever asked reads it.
  var name: String {
    switch self {
    case .mix: "mix"
    case .input: "input"
    case .strip(_, _, let name): name
    }
  }
}

/// A history that was lent to the renderer. It is there until the renderer has said that it writes to it no more.
final class TapLoan {
  let place: Int
  let history: FrameHistory
  private let pointer: UnsafeMutablePointer<FrameHistory>

  init(place: Int) {
    self.place = place
    history = FrameHistory(capacity: EngineLimits.historyFrames)
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: history)
  }

  deinit {
    pointer.deallocate()
    history.deallocate()
  }

  var address: UInt { UInt(bitPattern: pointer) }
}

/// The captures that run, what was lent for them, and who waits for what. Control thread.
struct CaptureShelf {
  struct Running {
    var id: UInt64
    var source: CaptureSource
    var file: String
    var history: FrameHistory
    var loan: TapLoan?
    /// The renderer has what was lent, and the file was asked for.
    var hasBegun = true
    /// Told to end, and not yet ended.
    var isEnding = false
  }

  var running: [UInt64: Running] = [:]
  private(set) var lastID: UInt64 = 0
  /// What the news of an order goes to, by its token.
  private var waiting: [UInt64: (CaptureNews) -> Void] = [:]
  private var lastToken: UInt64 = 0
  /// Loans by place of the renderer's table; what ends is kept until its end has landed.
  private(set) var loans: [Int: TapLoan] = [:]
  /// Commands of taps that have not landed, and what then comes.
  private var landing: [UInt64: () -> Void] = [:]
  /// Ends of taps that found the command ring full.
  var unsent: [TapLoan] = []

  mutating func newID() -> UInt64 {
    lastID += 1
    return lastID
  }

  /// A token for an order, whose news goes to `then`.
  mutating func expect(_ then: @escaping (CaptureNews) -> Void) -> UInt64 {
    lastToken += 1
    waiting[lastToken] = then
    return lastToken
  }

  mutating func forget(_ token: UInt64) { waiting[token] = nil }

  mutating func take(_ token: UInt64) -> ((CaptureNews) -> Void)? { waiting.removeValue(forKey: token) }

  /// A history for the renderer; nil while every place is taken.
  mutating func lend() -> TapLoan? {
    guard let place = (0..<EngineLimits.taps).first(where: { loans[$0] == nil }) else { return nil }
    let loan = TapLoan(place: place)
    loans[place] = loan
    return loan
  }

  mutating func giveBack(_ loan: TapLoan) { loans[loan.place] = nil }

  mutating func awaitLanding(of id: UInt64, _ then: @escaping () -> Void) { landing[id] = then }

  mutating func landed(_ id: UInt64) -> (() -> Void)? { landing.removeValue(forKey: id) }
}
