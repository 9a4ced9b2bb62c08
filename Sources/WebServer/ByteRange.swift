/// What a `Range` header asks of a file, as RFC 9110, 14.1.2 has it.
enum ByteRange: Equatable {
  /// No range that is understood, or several: the whole.
  case whole
  case part(Range<Int64>)
  /// Nothing of it is in the file.
  case unsatisfiable

  /// - Parameters:
  ///   - text: the header, `bytes=0-499`; nil when there is none.
  ///   - count: bytes of the file.
  init(_ text: String?, of count: Int64) {
    self = .whole
    guard let text, text.hasPrefix("bytes=") else { return }
    let range = text.dropFirst(6).filter { $0 != " " }
    let parts = range.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, !range.contains(","),
      parts.allSatisfy({ $0.utf8.count <= 18 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return }
    switch (Int64(parts[0]), Int64(parts[1])) {
    case (nil, nil): return
    case (nil, let last?):
      self = last == 0 || count == 0 ? .unsatisfiable : .part(max(0, count - last)..<count)
    case (let first?, nil):
      self = first < count ? .part(first..<count) : .unsatisfiable
    case (let first?, let last?):
      guard first <= last else { return }
      self = first < count ? .part(first..<min(last + 1, count)) : .unsatisfiable
    }
  }
}
