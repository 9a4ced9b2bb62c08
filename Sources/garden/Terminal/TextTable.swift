/// Columns of text, two spaces apart.
struct TextTable {
  enum Alignment { case left, right }

  var headings: [String]
  var alignments: [Alignment]
  var rows: [[String]] = []

  /// A heading that starts with `>` is set to the right.
  init(headings: [String]) {
    alignments = headings.map { $0.hasPrefix(">") ? .right : .left }
    self.headings = headings.map { $0.hasPrefix(">") ? String($0.dropFirst()) : $0 }
  }

  /// The lines; with no rows, none at all.
  func lines(_ painter: Painter) -> [String] {
    if rows.isEmpty { return [] }
    let widths = headings.indices.map { column in
      ([headings] + rows).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return [painter.paint(line(headings, widths), .quiet)] + rows.map { line($0, widths) }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, cell) in cells.enumerated() where column < widths.count {
      let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
      line += (column > 0 ? "  " : "") + (alignments[column] == .right ? space + cell : cell + space)
    }
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
