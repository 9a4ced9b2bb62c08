import Testing
import Tools

@testable import Settings

/// A workflow's file: what it says, and on which line.
struct WorkflowFileTests {
  static let text = """
    name = "n"

    [[phase]]
    id = "a"

    [[phase.task]] # the first
    name = "x"
    tool = "t"
    seed = 7
    gain = 0.5
    on = true
    list = ["1", 2]

    [[phase.task]]
      name = 'y'
      tool = "u"

    [phase.task.params]
    deep = { er = 1 }

    [[phase]]
    id = "b"
    depends_on = ["a"]
    """

  @Test func `tables become a definition, whatever their order`() throws {
    let file = try WorkflowFile(path: "f", text: Self.text)
    guard case .list(let phases)? = file.definition["phases"], case .object(let first)? = phases.first,
      case .list(let tasks)? = first["tasks"]
    else {
      Issue.record("\(file.definition)")
      return
    }
    #expect(phases.count == 2 && tasks.count == 2)
    #expect(
      tasks[0]
        == .object([
          "name": .text("x"), "tool": .text("t"), "seed": .integer(7), "gain": .number(0.5),
          "on": .bool(true),
          "list": .list([.text("1"), .integer(2)]),
        ]))
    #expect(
      tasks[1]
        == .object([
          "name": .text("y"), "tool": .text("u"),
          "params": .object(["deep": .object(["er": .integer(1)])]),
        ]))
  }

  @Test func `a field's line is found, else its task's, else its phase's`() throws {
    let file = try WorkflowFile(path: "f", text: Self.text)
    #expect(file.line(phase: "a", task: "x", field: "seed") == 9)
    #expect(file.line(phase: "a", task: "x", field: "nothing") == 6)
    #expect(file.line(phase: "a", task: "y", field: "tool") == 16)
    #expect(file.line(phase: "b", task: nil, field: "depends_on") == 23)
    #expect(file.line(phase: nil, task: nil, field: "name") == 1)
    #expect(file.line(phase: "c", task: nil, field: nil) == nil)
  }

  @Test(arguments: [
    "a = ", "[?]", "a = 1979-05-27T%", "a\u{0}b", "[[phase]]\nid = \"a\nb\"", "a = [1", "a = 1\na = 2",
  ])
  func `what is no TOML is refused, whatever it is`(text: String) {
    let refusal = #expect(throws: ToolError.self) { try WorkflowFile(path: "f", text: text) }
    #expect(refusal?.exit == .badData && refusal?.lines.count == 3)
  }

  @Test func `phases that are no tables are left for the check`() throws {
    let file = try WorkflowFile(path: "f", text: "phase = 7\n")
    #expect(file.definition == ["phases": .integer(7)])
  }
}
