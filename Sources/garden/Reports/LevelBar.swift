/// A meter as a bar of characters.
struct LevelBar: Sendable {
  /// Block characters, or `#` where the terminal's character set is not UTF-8.
  var isUnicode: Bool
  static let floor = -60.0

  /// `width` cells from -60 dB to 0 dB; anything above is full, NaN and silence are empty.
  func text(decibels: Double?, width: Int) -> String {
    let cells = cells(decibels, width)
    return String(repeating: isUnicode ? "█" : "#", count: cells)
      + String(repeating: isUnicode ? "·" : ".", count: width - cells)
  }

  /// With colours: the last 3 dB red, the 9 before yellow.
  func painted(decibels: Double?, width: Int, _ painter: Painter) -> String {
    let cells = Array(text(decibels: decibels, width: width))
    let (yellow, red) = (self.cells(-12, width), self.cells(-3, width))
    func part(_ range: Range<Int>) -> String { String(cells[range]) }
    return painter.paint(part(0..<yellow), .good) + painter.paint(part(yellow..<red), .warning)
      + painter.paint(part(red..<width), .bad)
  }

  private func cells(_ decibels: Double?, _ width: Int) -> Int {
    guard let decibels, decibels > Self.floor else { return 0 }
    return Int((min(decibels, 0) - Self.floor) / -Self.floor * Double(width))
  }
}
