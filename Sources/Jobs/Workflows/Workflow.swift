/// Work in phases: what is to be done, what waits for what, and nothing of how far it is, which is told by the jobs that
/// its tasks become. A value; it changes by its own functions alone, which refuse before they change anything.
///
/// A phase begins when all tasks of the phases that it depends on have succeeded. A task may wait for tasks of its own
/// phase and of the phases before it, directly or through others, and may use what those have made.
package struct Workflow: Sendable, Equatable {
  package struct Phase: Sendable, Equatable {
    /// Unique in its workflow: letters, digits, `-` and `_`.
    package var id: String
    package var name: String
    /// Phases that come first.
    package var dependsOn: [String]

    package init(id: String, name: String = "", dependsOn: [String] = []) {
      self.id = id
      self.name = name.isEmpty ? id : name
      self.dependsOn = dependsOn
    }
  }

  package struct Task: Sendable, Equatable, Codable {
    /// Unique in its workflow: letters, digits, `-` and `_`.
    package var name: String
    package var phase: String
    /// What hosts call it.
    package var tool: String
    /// One JSON object in UTF-8, in which other tasks' results may be named.
    package var parameters: String
    /// Tasks that must have succeeded.
    package var dependencies: [String]
    /// Tasks whose results its parameters name.
    package var uses: [String]
    /// Who is to be told of its end.
    package var webhookURL: String?
    /// How often it was tried anew: each time is another job.
    package var tries = 0
    /// Somebody wants it no more.
    package var isCancelled = false
    /// Why no job could be made of it: three lines, else none.
    package var refusal: [String] = []

    package init(
      _ name: String, phase: String, tool: String, parameters: String = "{}", dependencies: [String] = [],
      uses: [String] = [], webhookURL: String? = nil
    ) {
      (self.name, self.phase, self.tool, self.parameters) = (name, phase, tool, parameters)
      (self.dependencies, self.uses, self.webhookURL) = (dependencies, uses, webhookURL)
    }
  }

  package let id: JobID
  /// In the order of creation; given by the ledger.
  package var number: UInt64 = 0
  package var name: String
  package var about: String
  package let createdAt: JobTime
  /// nil of a draft. From then on no phase and no task is added.
  package var startedAt: JobTime?
  /// Nothing further begins.
  package var isPaused = false
  package internal(set) var phases: [Phase] = []
  package internal(set) var tasks: [Task] = []

  package init(id: JobID, name: String, about: String = "", at now: JobTime) {
    (self.id, self.name, self.about, createdAt) = (id, name, about, now)
  }

  /// As it is read back.
  package init(
    id: JobID, number: UInt64, name: String, about: String, createdAt: JobTime, startedAt: JobTime?,
    isPaused: Bool, phases: [Phase], tasks: [Task]
  ) {
    (self.id, self.number, self.name, self.about) = (id, number, name, about)
    (self.createdAt, self.startedAt, self.isPaused) = (createdAt, startedAt, isPaused)
    (self.phases, self.tasks) = (phases, tasks)
  }

  package func phase(_ id: String) -> Phase? { phases.first { $0.id == id } }
  package func task(_ name: String) -> Task? { tasks.first { $0.name == name } }

  /// Whether both ask for the same: whatever has become of it.
  package func asksTheSame(as other: Workflow) -> Bool {
    func plain(_ tasks: [Task]) -> [Task] {
      tasks.map {
        var task = $0
        (task.tries, task.isCancelled, task.refusal) = (0, false, [])
        return task
      }.sorted { $0.name < $1.name }
    }
    return name == other.name && about == other.about
      && phases.sorted { $0.id < $1.id } == other.phases.sorted { $0.id < $1.id }
      && plain(tasks) == plain(other.tasks)
  }
}

extension Workflow {
  /// The job that a task becomes: the same for the same try, so asking for it again asks for the same job.
  ///
  /// - Parameter tries: nil: the present one.
  package func job(of task: Task, tries: Int? = nil) -> JobID {
    var halves: [UInt64] = []
    for seed: UInt64 in [0xCBF2_9CE4_8422_2325, 0x84222325_CBF29CE4] {
      // FNV-1a of 64 bits, mixed at the end so that one more try changes all of it.
      var hash = seed
      for byte in "\(id.text)/\(task.name)/\(tries ?? task.tries)".utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
      hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
      halves.append(hash ^ hash >> 33)
    }
    // Version 8 of RFC 9562: made by a rule of our own.
    return JobID(
      high: halves[0] & ~0xF000 | 0x8000, low: halves[1] & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }
}
