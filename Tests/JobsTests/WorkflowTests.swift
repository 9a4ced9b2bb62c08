import Jobs
import Testing

/// A workflow as a value: what may be added, in what order it runs, and what its jobs make of it.
struct WorkflowTests {
  static let now: JobTime = 1_000_000

  static func draft() -> Workflow {
    Workflow(id: JobID(high: 0x0198_0000_0000_7000, low: 0x8000_0000_0000_0001), name: "song", at: now)
  }

  static func record(_ workflow: Workflow, _ name: String, _ state: JobState) throws -> JobRecord {
    let task = try #require(workflow.task(name))
    var record = JobRecord(spec: JobSpec(id: workflow.job(of: task), tool: task.tool), sequence: 1, at: now)
    record.state = state
    return record
  }

  static func kind(_ body: () throws -> Void) -> WorkflowRefusal.Kind? {
    do {
      try body()
      return nil
    } catch { return (error as? WorkflowRefusal)?.kind }
  }

  @Test
  func `[O11] [O32] a phase that would wait for itself is refused when it is added, and nothing changes`()
    throws
  {
    var workflow = Self.draft()
    try workflow.add(Workflow.Phase(id: "a"))
    try workflow.add(Workflow.Phase(id: "b", dependsOn: ["a"]))
    try workflow.add(Workflow.Phase(id: "c", dependsOn: ["b"]))
    let before = workflow
    #expect(Self.kind { try workflow.add(Workflow.Phase(id: "a", dependsOn: ["c"])) } == .cycle)
    #expect(Self.kind { try workflow.add(Workflow.Phase(id: "d", dependsOn: ["d"])) } == .cycle)
    #expect(Self.kind { try workflow.add(Workflow.Phase(id: "d", dependsOn: ["nowhere"])) } == .badParent)
    #expect(workflow == before)
  }

  @Test
  func `[O11] the refusal of a cycle names the way round`() throws {
    var workflow = Self.draft()
    try workflow.add(Workflow.Phase(id: "p"))
    try workflow.add(Workflow.Task("x", phase: "p", tool: "t"))
    try workflow.add(Workflow.Task("y", phase: "p", tool: "t", dependencies: ["x"]))
    let refusal = #expect(throws: WorkflowRefusal.self) {
      try workflow.add(Workflow.Task("x", phase: "p", tool: "t", dependencies: ["y"]))
    }
    #expect(refusal?.kind == .cycle)
    #expect(refusal?.lines[1].contains("→") == true)
    #expect(refusal?.place.task == "x")
  }

  @Test
  func `[O33] a task waits for tasks of its own phase and of those before it, and for no others`() throws {
    var workflow = Self.draft()
    for (id, parents) in [("a", []), ("b", ["a"]), ("c", ["b"]), ("side", [])] as [(String, [String])] {
      try workflow.add(Workflow.Phase(id: id, dependsOn: parents))
    }
    try workflow.add(Workflow.Task("first", phase: "a", tool: "t"))
    try workflow.add(Workflow.Task("aside", phase: "side", tool: "t"))
    try workflow.add(Workflow.Task("last", phase: "c", tool: "t", dependencies: ["first"]))
    #expect(
      Self.kind { try workflow.add(Workflow.Task("x", phase: "c", tool: "t", dependencies: ["aside"])) }
        == .badDependency)
    #expect(
      Self.kind { try workflow.add(Workflow.Task("x", phase: "a", tool: "t", dependencies: ["last"])) }
        == .badDependency)
    #expect(
      Self.kind { try workflow.add(Workflow.Task("x", phase: "a", tool: "t", dependencies: ["gone"])) }
        == .badDependency)
    // Used without being waited for: in the same phase it is no ancestor, in one before it is.
    #expect(
      Self.kind { try workflow.add(Workflow.Task("x", phase: "a", tool: "t", uses: ["first"])) }
        == .badReference)
    #expect(Self.kind { try workflow.add(Workflow.Task("x", phase: "b", tool: "t", uses: ["first"])) } == nil)
    #expect(
      Self.kind { try workflow.add(Workflow.Task("y", phase: "b", tool: "t", uses: ["nobody"])) }
        == .badReference)
    // A phase that loses its parent would leave a task without what it waits for.
    #expect(Self.kind { try workflow.add(Workflow.Phase(id: "b")) } == .badDependency)
  }

  @Test
  func `[O34] [O47] a graph is fixed from its start, and the second start changes nothing`() throws {
    var workflow = Self.draft()
    #expect(Self.kind { _ = try workflow.start(at: 1) } == .empty)
    try workflow.add(Workflow.Phase(id: "p"))
    try workflow.add(Workflow.Task("x", phase: "p", tool: "t"))
    #expect(try workflow.start(at: 5))
    let before = workflow
    #expect(try !workflow.start(at: 9))
    #expect(workflow == before)
    #expect(Self.kind { try workflow.add(Workflow.Phase(id: "q")) } == .frozen)
    #expect(Self.kind { try workflow.add(Workflow.Task("y", phase: "p", tool: "t")) } == .frozen)
  }

  @Test
  func `[O34] a try has a job of its own, the same each time it is asked for`() throws {
    var workflow = Self.draft()
    try workflow.add([Workflow.Phase(id: "p")], [Workflow.Task("x", phase: "p", tool: "t")])
    let task = try #require(workflow.task("x"))
    #expect(workflow.job(of: task) == workflow.job(of: task))
    #expect(Set((0..<1000).map { workflow.job(of: task, tries: $0) }).count == 1000)
    #expect(JobID(workflow.job(of: task).text) == workflow.job(of: task))
  }

  @Test
  func `[O12] [O35] a status is worked out of the jobs, and from nothing else`() throws {
    var workflow = Self.draft()
    try workflow.add(
      [Workflow.Phase(id: "a"), Workflow.Phase(id: "b", dependsOn: ["a"])],
      [
        Workflow.Task("x", phase: "a", tool: "t"), Workflow.Task("y", phase: "a", tool: "t"),
        Workflow.Task("z", phase: "b", tool: "t"),
      ])
    #expect(WorkflowStatus(workflow) { _ in nil }.state == .draft)
    _ = try workflow.start(at: 1)
    var jobs: [JobID: JobRecord] = [:]
    func put(_ name: String, _ state: JobState) throws {
      let record = try Self.record(workflow, name, state)
      jobs[record.id] = record
    }
    func status() -> WorkflowStatus { WorkflowStatus(workflow) { jobs[$0] } }
    #expect(status().counts == [.queued: 2, .waiting: 1])
    #expect(workflow.due(status()).map(\.name) == ["x", "y"])
    try put("x", .succeeded)
    try put("y", .running)
    #expect(status().counts == [.succeeded: 1, .running: 1, .waiting: 1])
    #expect(status().phases.map(\.state) == [.running, .waiting])
    #expect(workflow.due(status()).isEmpty)
    try put("y", .failed)
    #expect(status().state == .failed)
    #expect(status().counts == [.succeeded: 1, .failed: 1, .blocked: 1])
    #expect(status().failures.map(\.task.name) == ["y"])
    #expect(try workflow.retry(.all, status()) == ["y"])
    #expect(status().state == .running)
    #expect(workflow.due(status()).map(\.name) == ["y"])
    try put("y", .succeeded)
    #expect(workflow.due(status()).map(\.name) == ["z"])
    #expect(abs(status().percent - 200.0 / 3) < 0.001)
    try put("z", .succeeded)
    #expect(status().state == .succeeded)
    #expect(status().percent == 100)
    #expect(Self.kind { _ = try workflow.retry(.all, status()) } == .nothing)
    #expect(Self.kind { _ = try workflow.cancel(.all, status()) } == .ended)
  }

  @Test
  func `[O79] a part is cancelled and paused by itself, and what waits for it is blocked`() throws {
    var workflow = Self.draft()
    try workflow.add(
      [Workflow.Phase(id: "a"), Workflow.Phase(id: "b"), Workflow.Phase(id: "c", dependsOn: ["a"])],
      [
        Workflow.Task("x", phase: "a", tool: "t"), Workflow.Task("y", phase: "b", tool: "t"),
        Workflow.Task("z", phase: "c", tool: "t"),
      ])
    _ = try workflow.start(at: 1)
    func status() -> WorkflowStatus { WorkflowStatus(workflow) { _ in nil } }
    #expect(try workflow.pause(true, status()))
    #expect(try !workflow.pause(true, status()))
    #expect(status().state == .paused)
    #expect(workflow.due(status()).isEmpty)
    #expect(try workflow.pause(false, status()))
    #expect(try workflow.cancel(.phase("a"), status()) == ["x"])
    #expect(status().tasks.map(\.state) == [.cancelled, .queued, .blocked])
    #expect(Self.kind { _ = try workflow.cancel(.phase("nowhere"), status()) } == .unknownPhase)
    #expect(Self.kind { _ = try workflow.cancel(.task("nobody"), status()) } == .unknownTask)
    #expect(try workflow.retry(.task("x"), status()) == ["x"])
    #expect(status().tasks.map(\.state) == [.queued, .queued, .waiting])
  }

  @Test
  func `phases, tasks and bytes beyond their number are refused`() throws {
    var workflow = Self.draft()
    for index in 0..<JobsLimits.workflowPhases { try workflow.add(Workflow.Phase(id: "p\(index)")) }
    #expect(Self.kind { try workflow.add(Workflow.Phase(id: "more")) } == .full)
    for index in 0..<JobsLimits.workflowTasks {
      try workflow.add(Workflow.Task("t\(index)", phase: "p0", tool: "t"))
    }
    #expect(Self.kind { try workflow.add(Workflow.Task("more", phase: "p0", tool: "t")) } == .full)
    let long = String(repeating: "x", count: JobsLimits.workflowBytes)
    #expect(
      Self.kind { try workflow.add(Workflow.Task("t0", phase: "p0", tool: "t", parameters: long)) } == .full)
    for name in ["", "a b", "ä", "a.b", String(repeating: "a", count: 65)] {
      #expect(Self.kind { try workflow.add(Workflow.Task(name, phase: "p0", tool: "t")) } == .badName)
    }
  }
}

/// Whatever the graph: a task begins when all that it waits for has succeeded, and not before; held against a count of
/// its own.
struct WorkflowGraphTests {
  @Test
  func `[O05] [O08] [O10] any graph runs in an order in which nothing stands before what it waits for`()
    throws
  {
    var random = SplitMix(state: 20_260_722)
    for round in 0..<200 {
      let (workflow, parents) = try Self.random(&random, round)
      var jobs: [JobID: JobRecord] = [:]
      var done: Set<String> = []
      var began: Set<String> = []
      var out: [String] = []
      while done.count < workflow.tasks.count {
        let status = WorkflowStatus(workflow) { jobs[$0] }
        let due = Set(workflow.due(status).map(\.name))
        // The reference: everything that it waits for is done, and it has not begun.
        let expected = Set(
          workflow.tasks.map(\.name).filter { !began.contains($0) && parents[$0]!.isSubset(of: done) })
        #expect(due == expected)
        for name in due.sorted() {
          began.insert(name)
          out.append(name)
          let record = try WorkflowTests.record(workflow, name, .running)
          jobs[record.id] = record
        }
        guard !out.isEmpty else {
          Issue.record("nothing is due and nothing runs")
          return
        }
        let name = out.remove(at: Int(random.next() % UInt64(out.count)))
        done.insert(name)
        let record = try WorkflowTests.record(workflow, name, .succeeded)
        jobs[record.id] = record
      }
      #expect(WorkflowStatus(workflow) { jobs[$0] }.state == .succeeded)
    }
  }

  /// Phases and tasks that depend on some before them, handed in shuffled; and all that each task waits for.
  private static func random(
    _ random: inout SplitMix, _ round: Int
  ) throws -> (Workflow, [String: Set<String>]) {
    func chance(_ share: UInt64) -> Bool { random.next() % 100 < share }
    var phases: [Workflow.Phase] = []
    var before: [String: Set<String>] = [:]
    for index in 0..<Int(1 + random.next() % 6) {
      let parents = phases.map(\.id).filter { _ in chance(35) }
      phases.append(Workflow.Phase(id: "p\(index)", dependsOn: parents))
      before["p\(index)"] = parents.reduce(into: Set(parents)) { $0.formUnion(before[$1]!) }
    }
    var tasks: [Workflow.Task] = []
    for index in 0..<Int(1 + random.next() % 20) {
      let phase = phases[Int(random.next() % UInt64(phases.count))].id
      let able = tasks.filter { $0.phase == phase || before[phase]!.contains($0.phase) }
      tasks.append(
        Workflow.Task(
          "t\(index)", phase: phase, tool: "t", dependencies: able.map(\.name).filter { _ in chance(25) }))
    }
    var parents: [String: Set<String>] = [:]
    for task in tasks {
      parents[task.name] = Set(task.dependencies).union(
        tasks.filter { before[task.phase]!.contains($0.phase) }.map(\.name))
    }
    var workflow = WorkflowTests.draft()
    try workflow.add(phases.shuffled(using: &random), tasks.shuffled(using: &random))
    _ = try workflow.start(at: 1)
    return (workflow, parents)
  }

  @Test
  func `[O11] a cycle anywhere in a definition refuses all of it`() throws {
    var random = SplitMix(state: 7)
    for _ in 0..<200 {
      let count = Int(2 + random.next() % 12)
      let names = (0..<count).map { "t\($0)" }.shuffled(using: &random)
      let length = Int(1 + random.next() % UInt64(count))
      let tasks = names.enumerated().map { index, name in
        // The first `length` wait for each other round in a ring.
        Workflow.Task(
          name, phase: "p", tool: "t",
          dependencies: index < length ? [names[(index + 1) % length]] : [names[0]])
      }
      var workflow = WorkflowTests.draft()
      let before = workflow
      let refusal = #expect(throws: WorkflowRefusal.self) {
        try workflow.add([Workflow.Phase(id: "p")], tasks.shuffled(using: &random))
      }
      #expect(refusal?.kind == .cycle)
      #expect(workflow == before)
    }
  }
}

/// Sebastiano Vigna's SplitMix64, so that a round can be played again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
