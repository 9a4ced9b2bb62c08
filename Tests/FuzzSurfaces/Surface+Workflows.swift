import Jobs
import Settings
import Tools

extension Surface {
  /// A workflow's file, up to the workflow that would run: its order has no circle, and every task has a phase.
  static func takeWorkflow(_ bytes: [UInt8]) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { return "refused: no text" }
    let file: WorkflowFile
    do { file = try WorkflowFile(path: "song.toml", text: text) } catch { return refusal(error.lines) }
    do {
      let workflow = try WorkflowDraft.workflow(file.definition, id: JobID(high: 1, low: 2), at: 0)
      let phases = Set(workflow.phases.map(\.id))
      demand(workflow.tasks.allSatisfy { phases.contains($0.phase) }, "every task has a phase")
      demand(Set(workflow.tasks.map(\.name)).count == workflow.tasks.count, "every task has its name")
      return "\(workflow.phases.count) phases, \(workflow.tasks.count) tasks"
    } catch { return refusal(error.lines) }
  }
}
