import Jobs
import Testing

@testable import Tools

/// Definitions as they are written down.
struct WorkflowDraftTests {
  static func workflow(_ tasks: [ToolValue]) throws(WorkflowRefusal) -> Workflow {
    try WorkflowDraft.workflow(
      ["name": .text("n"), "phases": .list([.object(["id": .text("p"), "tasks": .list(tasks)])])],
      id: JobID(high: 1, low: 1), at: 1)
  }

  static func task(_ name: String, _ tool: String, _ fields: [String: ToolValue] = [:]) -> ToolValue {
    .object(fields.merging(["name": .text(name), "tool": .text(tool)]) { $1 })
  }

  @Test func `[O24] priorities are words or numbers, and any other is refused`() throws {
    for (word, number) in [("critical", 0), ("high", 1), ("normal", 2), ("low", 3), ("2", 2)] {
      let workflow = try Self.workflow([Self.task("x", "phrase_generate", ["priority": .text(word)])])
      #expect(workflow.tasks[0].parameters == "{\"priority\":\(number)}")
    }
    for wrong in [ToolValue.text("urgent"), .integer(4), .integer(-1), .bool(true), .text("")] {
      #expect(throws: WorkflowRefusal.self) {
        try Self.workflow([Self.task("x", "phrase_generate", ["priority": wrong])])
      }
    }
  }

  @Test func `[O23] words for an agent are its prompt, and an object is its parameters`() throws {
    let words = try Self.workflow([Self.task("x", "text", ["agent_instructions": .text("sing")])])
    #expect(words.tasks[0].parameters == "{\"prompt\":\"sing\"}")
    let object = try Self.workflow([
      Self.task("x", "phrase_generate", ["agent_instructions": .object(["seed": .integer(3)])])
    ])
    #expect(object.tasks[0].parameters == "{\"seed\":3}")
    #expect(throws: WorkflowRefusal.self) {
      try Self.workflow([Self.task("x", "phrase_generate", ["agent_instructions": .text("sing")])])
    }
  }

  @Test func `[O33] a reference is read, resolved and told from what only looks like one`() throws {
    let pieces = try WorkflowReference.pieces(of: "a ${x.artifact} b $${y} $ ${z.value.k.l}${x.artifact.2}")
    #expect(pieces.count == 5)
    #expect(pieces[0] == .text("a ") && pieces[2] == .text(" b ${y} $ "))
    for wrong in [
      "${", "${}", "${x}", "${x.}", "${x.artifact", "${x.artifact.0}", "${x y.artifact}", "${x.value.}",
    ] {
      #expect(throws: WorkflowReference.Unreadable.self, "\(wrong)") {
        try WorkflowReference.pieces(of: wrong)
      }
    }
    let value = ToolValue.object([
      "whole": .text("${x.value}"), "part": .text("<${x.value}>"), "list": .list([.text("${x.artifact}")]),
      "plain": .text("$5 $${x}"), "number": .integer(1),
    ])
    let filled = value.resolved { reference -> ToolValue in
      reference.what == .artifact(0) ? .text("hash") : .object(["n": .number(1.5)])
    }
    #expect(
      filled
        == .object([
          "whole": .object(["n": .number(1.5)]), "part": .text("<{\"n\":1.5}>"),
          "list": .list([.text("hash")]),
          "plain": .text("$5 ${x}"), "number": .integer(1),
        ]))
  }

  @Test func `a refusal says which task and which field it is about`() throws {
    let refusal = #expect(throws: WorkflowRefusal.self) {
      try Self.workflow([Self.task("x", "phrase_generate", ["density": .number(7)])])
    }
    #expect(refusal?.place == WorkflowRefusal.Place(phase: "p", task: "x", field: "density"))
    let cycle = #expect(throws: WorkflowRefusal.self) {
      try Self.workflow([
        Self.task("x", "phrase_generate", ["dependencies": .list([.text("y")])]),
        Self.task("y", "phrase_generate", ["dependencies": .list([.text("x")])]),
      ])
    }
    #expect(cycle?.kind == .cycle && cycle?.place.task != nil)
  }

  @Test func `equal values have equal JSON, and every text can be written`() {
    let value = ToolValue.object(["b": .list([.null, .bool(true)]), "a": .text("\"\\\n\u{1}é\u{2028}")])
    #expect(value.json == "{\"a\":\"\\\"\\\\\\n\\u0001é\u{2028}\",\"b\":[null,true]}")
    #expect(ToolValue.number(.infinity).json == "null")
  }
}
