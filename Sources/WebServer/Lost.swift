import Synchronization

/// Counts what there was no room for: by the thread that had it, for the one that should have got it.
final class Lost: Sendable {
  private let count = Atomic(0)

  func add() { count.add(1, ordering: .relaxed) }

  /// The count since it was asked for last.
  func take() -> Int { count.exchange(0, ordering: .relaxed) }
}
