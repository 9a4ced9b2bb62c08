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
