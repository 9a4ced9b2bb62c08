/// Why a workflow was not changed. Nothing was.
package struct WorkflowRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    case unknownWorkflow = "unknown_workflow"
    case unknownPhase = "unknown_phase"
    case unknownTask = "unknown_task"
    case badName = "bad_name"
    case badParent = "bad_parent"
    case badDependency = "bad_dependency"
    case badReference = "bad_reference"
    case badTask = "bad_task"
    case cycle = "dependency_cycle"
    case frozen = "already_started"
    case notStarted = "not_started"
    case ended = "already_ended"
    case running = "still_running"
    case nothing = "nothing_to_retry"
    case empty = "empty_workflow"
    case conflict = "id_conflict"
    case full = "too_many"
  }

  package let kind: Kind
  /// What failed, why (the value seen and the value allowed), what to do next.
  package let lines: [String]
  /// What of the definition it is about.
  package var place = Place()

  package struct Place: Sendable, Equatable {
    package var phase: String?
    package var task: String?
    /// A parameter or another field of it.
    package var field: String?

    package init(phase: String? = nil, task: String? = nil, field: String? = nil) {
      (self.phase, self.task, self.field) = (phase, task, field)
    }
  }

  package init(_ kind: Kind, _ what: String, why: String, next: String, at place: Place = Place()) {
    self.kind = kind
    self.place = place
    lines = [what, why, next]
  }

  package var description: String { lines.joined(separator: "\n") }
}
