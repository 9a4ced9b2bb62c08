import Testing

/// The `import` lines against the floors: SwiftPM lets a target see what its dependencies see, and does not know floors.
struct LayeringTests {
  @Test func everyTargetHasAFloorAndEveryFloorsTargetIsThere() throws {
    #expect(try Set(SourceTree.targets()) == House.targets)
    #expect(House.floors.joined().count == House.targets.count, "a target stands on two floors")
    for target in House.targets {
      #expect(try SourceTree.declaredDependencies(of: target) != nil, "\(target) is not in Package.swift")
    }
  }

  @Test(arguments: House.targets.subtracting(House.metal).sorted())
  func anArrowOnlyPointsDown(target: String) throws {
    let imports = try SourceTree.imports(of: target)
    for (module, files) in imports {
      #expect(House.allows(target, toImport: module), "\(target) imports \(module) in \(files.sorted())")
    }
  }

  @Test(arguments: House.targets.subtracting(House.metal).sorted())
  func whatIsImportedIsDeclared(target: String) throws {
    let imported = Set(try SourceTree.imports(of: target).keys).intersection(House.targets)
    let declared = try #require(try SourceTree.declaredDependencies(of: target))
    #expect(imported.subtracting(declared).isEmpty)
  }

  @Test func metalIsBelowEverything() throws {
    for target in House.metal {
      #expect(try SourceTree.swiftFiles(in: "Sources/" + target).isEmpty, "\(target) is of C")
    }
  }

  @Test func eachModuleOfCIsImportedByOneTarget() throws {
    var importers: [String: [String]] = [:]
    for target in House.targets.subtracting(House.metal).sorted() {
      for module in try SourceTree.imports(of: target).keys where House.metal.contains(module) {
        importers[module, default: []].append(target)
      }
    }
    #expect(Set(importers.keys) == House.metal)
    for (module, targets) in importers { #expect(targets.count == 1, "\(module) is imported by \(targets)") }
  }

  @Test(arguments: ["RealtimeEngine", "LockFree", "MusicalTime", "MIDI", "SeedSoundFont"])
  func whereTheRealtimeThreadStandsThereIsNoFoundation(target: String) throws {
    let closure = try SourceTree.closure(of: target)
    let banned: Set = ["Foundation", "FoundationEssentials", "Dispatch", "Logging", "os", "Combine"]
    #expect(closure.isDisjoint(with: banned))
  }

  @Test func `[D01] whatever renders or commands the renderer sees nothing that could wait for a job`() throws
  {
    let jobs: Set = [
      "Jobs", "Ledger", "JobDispatch", "HostClients", "HootHostClients", "CCurl", "CZeroMQ", "CChild", "GRDB",
    ]
    for target in ["RealtimeEngine", "AudioDrivers", "Capture", "LockFree"] {
      #expect(try SourceTree.closure(of: target).isDisjoint(with: jobs), "\(target)")
    }
    // The Conductor hands over and is told; the calls of the ledger and its threads that wait stand nowhere in it.
    let waits = ["ledger.ask", "waitUntilOpen", ".join()", "mailbox.wait", "inbox.wait", "sleep("]
    for (path, text) in try SourceTree.swiftFiles(in: "Sources/ControlPlane/Jobs") {
      for (index, line) in text.lines.enumerated() {
        #expect(!waits.contains { line.contains($0) }, "\(path):\(index + 1): \(line)")
      }
    }
  }

  @Test func `[D04] what a request carries says nothing of time; the classes' times stand in one file`()
    throws
  {
    for folder in ["Sources/HootWire", "Sources/Generators"] {
      for (path, text) in try SourceTree.swiftFiles(in: folder) {
        for (index, line) in text.lines.enumerated() {
          let code = line.prefix { $0 != "/" }
          #expect(
            !["timeout", "TimingClass", "budget"].contains { code.contains($0) },
            "\(path):\(index + 1): \(line)")
        }
      }
    }
    var holders: Set<String> = []
    for folder in ["Jobs", "Tools", "JobDispatch", "ControlPlane", "HostClients", "HootHostClients"] {
      for (path, text) in try SourceTree.swiftFiles(in: "Sources/" + folder)
      where text.lines.contains(where: { $0.contains("case .short: ") || $0.contains("case .medium: ") }) {
        holders.insert(path)
      }
    }
    #expect(holders == ["Sources/Jobs/TimingClass.swift"])
  }

  @Test func everyFaultOfTheTableHasItsTest() throws {
    var names: Set<String> = []
    for path in try SourceTree.swiftFiles(in: "Tests").keys {
      for line in try SourceTree.text(path).split(separator: "\n") {
        // A long name stands on a line of its own behind `func`.
        let rest = line.firstRange(of: "func ").map { line[$0.upperBound...] } ?? line.drop { $0 == " " }
        if rest.hasPrefix("`") {
          names.insert(String(rest.dropFirst().prefix { $0 != "`" }))
        } else if line.contains("func ") {
          names.insert(String(rest.prefix { $0 != "(" }))
        }
      }
    }
    let rows = try SourceTree.text("Documentation/faults.md").split(separator: "\n").filter {
      $0.hasSuffix("` |")
    }
    #expect(rows.count > 45)
    for row in rows {
      let name = row.split(separator: "`").dropFirst().first.map(String.init) ?? ""
      #expect(names.contains(name), "\(row)")
    }
  }

  @Test func whatShouldSoundAndWhatSoundsDoNotSeeEachOther() throws {
    #expect(try !SourceTree.closure(of: "Arrangement").contains("RealtimeEngine"))
    #expect(try !SourceTree.closure(of: "RealtimeEngine").contains("Arrangement"))
  }

  @Test(arguments: ["garden", "control-bench", "make-assets"])
  func aHandOnTheSocketCannotMakeASound(target: String) throws {
    let sounding: Set = [
      "AudioDrivers", "CDrivers", "CFluidSynth", "CSndFile", "ControlPlane", "Media", "RealtimeEngine",
    ]
    #expect(try SourceTree.closure(of: target).isDisjoint(with: sounding))
  }

  @Test(arguments: ["Jobs", "Ledger", "JobDispatch"])
  func whatKeepsAndLeasesJobsCannotMakeASound(target: String) throws {
    let closure = try SourceTree.closure(of: target)
    #expect(
      closure.isSubset(of: [
        "Jobs", "Ledger", "Threading", "CThreading", "FoundationEssentials", "GRDB", "Glibc",
      ]))
  }

  @Test func theDatabaseIsOpenedByTheLedgerAlone() throws {
    for target in House.targets.subtracting(House.metal) where target != "Ledger" {
      #expect(try SourceTree.imports(of: target)["GRDB"] == nil, "\(target)")
    }
  }

  @Test func theTableRefusesArrowsUpSidewaysAndOut() {
    #expect(
      House.allows("ControlPlane", toImport: "MIDI") && House.allows("MIDI", toImport: "Synchronization"))
    #expect(!House.allows("MIDI", toImport: "ControlPlane") && !House.allows("MIDI", toImport: "MusicalTime"))
    #expect(!House.allows("MIDI", toImport: "MIDI") && !House.allows("ControlPlane", toImport: "Foundation"))
    #expect(!House.allows("Stranger", toImport: "Glibc"))
  }
}
