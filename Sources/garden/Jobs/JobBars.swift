import HootWire
import Tools

/// Jobs with a bar each, one below the other. Pure: jobs and a size give the lines.
struct JobBars: Sendable {
  var painter: Painter
  var isUnicode: Bool

  func lines(_ jobs: [JSONValue], columns: Int, rows: Int) -> [String] {
    let room = max(1, rows - 2)
    let open = jobs.filter { !JobReport.isFinal($0) }
    // With more than there is room for, those that have ended give way first.
    let listed = jobs.count <= room ? jobs : Array(open.prefix(room - 1))
    let tools = listed.map { Field.text($0["tool"]).count }.max() ?? 0
    var lines = listed.map { line($0, toolWidth: min(tools, 18), columns) }
    guard jobs.count > 1 else { return lines }
    let done = jobs.count - open.count
    let failed = jobs.filter { JobReport.isFinal($0) && !JobReport.hasSucceeded($0) }.count
    lines.append(
      JobReport.cut(
        "\(done) of \(jobs.count) ended" + (failed > 0 ? ", \(failed) without success" : ""), columns))
    return lines
  }

  func line(_ job: JSONValue, toolWidth: Int, _ columns: Int) -> String {
    let tool = JobReport.cut(Field.text(job["tool"]), toolWidth)
    let head =
      "\(JobReport.short(job["id"])) \(tool)" + String(repeating: " ", count: max(0, toolWidth - tool.count))
    let percent = JobReport.hasSucceeded(job) ? 100 : job["progress"]?.double ?? 0
    let number = JobReport.percent(["progress": .number(percent)])
    let width = max(6, min(24, columns - head.count - 46))
    let cells = percent.isFinite ? Int(min(100, max(0, percent)) / 100 * Double(width)) : 0
    let bar =
      String(repeating: isUnicode ? "█" : "#", count: cells)
      + String(repeating: isUnicode ? "·" : ".", count: width - cells)
    let pad = String(repeating: " ", count: max(0, 5 - number.count))
    let room = columns - head.count - width - 9
    return "\(head) \(painter.paint(bar, JobReport.style(job))) \(pad)\(number)  "
      + painter.paint(JobReport.cut(note(job), max(0, room)), .quiet)
  }

  private func note(_ job: JSONValue) -> String {
    var text = JobReport.standing(job)
    if let message = job["message"]?.string, !message.isEmpty, !JobReport.isFinal(job) {
      text += ", " + Console.clean(message)
    }
    return text
  }
}
