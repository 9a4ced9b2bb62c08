import Foundation
import Testing

@testable import garden

/// `garden doctor --fix` on machines that are folders.
@Suite struct RemedyTests {
  private final class Machine {
    let root = NSTemporaryDirectory() + "cg-machine-\(UUID().uuidString)"

    init(_ files: [String: String]) throws {
      for (path, text) in files {
        let url = URL(fileURLWithPath: root + path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
      }
    }

    // What is left of a machine harms nobody.
    deinit { try? FileManager.default.removeItem(atPath: root) }

    func plan(_ user: String = "ada") -> RemedyPlan { RemedyPlan(root: root, user: user) }

    func text(_ path: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: root + path)), as: UTF8.self)
    }
  }

  private static let limits = "/etc/security/limits.d/95-chaosgarden.conf"
  private static let groups = "root:x:0:\naudio:x:29:pulse\n"

  @Test func aBareMachineGetsLimitsAndMembershipAndASecondRunHasNothingToDo() throws {
    let machine = try Machine(["/etc/group": Self.groups, "/etc/security/limits.d/README": ""])
    let remedies = machine.plan().remedies
    #expect(remedies.map(\.after) == ["log in again", "log in again"])
    #expect(remedies[1].action == .run(["usermod", "-aG", "audio", "ada"]))
    #expect(
      remedies[0].shown == [
        "write \(machine.root)\(Self.limits):", "    @audio - rtprio 95", "    @audio - memlock unlimited",
      ])
    #expect(
      remedies[0].command
        == "printf '%s\\n' '@audio - rtprio 95' '@audio - memlock unlimited' | "
        + "sudo tee \(machine.root)\(Self.limits)"
    )
    try Garden.carryOut(remedies[0])
    #expect(try machine.text(Self.limits) == "@audio - rtprio 95\n@audio - memlock unlimited\n")
    #expect(machine.plan().remedies.map(\.action) == [remedies[1].action])
    #expect(machine.plan("").remedies.isEmpty && machine.plan("pulse").remedies.isEmpty)
  }

  @Test func whatStandsInTheFilesStaysAndWhatTheyGrantIsNotGrantedAgain() throws {
    let machine = try Machine([
      "/etc/group": Self.groups,
      Self.limits: "# mine\n@audio - nice -19\n",
      "/etc/security/limits.d/audio.conf": "@audio\t-\trtprio\t90 # enough\n#@audio - memlock unlimited\n",
    ])
    let remedies = machine.plan("pulse").remedies
    #expect(remedies.count == 1)
    try Garden.carryOut(remedies[0])
    #expect(try machine.text(Self.limits) == "# mine\n@audio - nice -19\n@audio - memlock unlimited\n")
  }

  @Test func aGrantThatIsTooSmallOrHalfAGrantIsNone() throws {
    let grants = ["@audio - rtprio 10", "@audio hard rtprio 95", "@audio soft rtprio 95", "@a - rtprio 95"]
    for grant in grants {
      let machine = try Machine([
        "/etc/group": Self.groups,
        "/etc/security/limits.d/10-other.conf": "\(grant)\n@audio - memlock unlimited\n",
      ])
      let remedies = machine.plan("pulse").remedies
      try #require(remedies.count == 1, "\(grant)")
      try Garden.carryOut(remedies[0])
      #expect(try machine.text(Self.limits) == "@audio - rtprio 95\n")
      #expect(machine.plan("pulse").remedies.isEmpty, "\(grant)")
    }
  }

  @Test func whatAFileThatIsReadLaterTakesAwayIsGrantedAfterIt() throws {
    let machine = try Machine([
      "/etc/group": Self.groups, Self.limits: "@audio - rtprio 95\n@audio - memlock unlimited\n",
      "/etc/security/limits.d/audio.conf": "@audio - rtprio 10\n",
    ])
    let remedies = machine.plan("pulse").remedies
    try #require(remedies.count == 1)
    try Garden.carryOut(remedies[0])
    #expect(try machine.text("/etc/security/limits.d/zz-chaosgarden.conf") == "@audio - rtprio 95\n")
    #expect(machine.plan("pulse").remedies.isEmpty)
  }

  @Test func whatIsWrittenIsReadableForEveryoneAndWhatIsToBePastedIsWhatIsWritten() throws {
    let machine = try Machine([
      "/etc/group": Self.groups, Self.limits: "# it's 100%\n\n@audio - nice -19\n",
    ])
    let remedy = try #require(machine.plan("pulse").remedies.first)
    let mask = umask(0o077)
    try Garden.carryOut(remedy)
    umask(mask)
    let path = machine.root + Self.limits
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o644)
    let lines = try machine.text(Self.limits).split(separator: "\n")
    let granted: [Substring] = ["@audio - rtprio 95", "@audio - memlock unlimited"]
    #expect(lines == ["# it's 100%", "@audio - nice -19"] + granted)
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", remedy.command.replacing("sudo tee", with: "tee") + " >/dev/null"]
    try shell.run()
    shell.waitUntilExit()
    #expect(try machine.text(Self.limits).split(separator: "\n") == lines)
  }

  @Test func sleepyClocksAndSmallRealtimeBudgetsAreRaisedUntilTheNextStart() throws {
    let cpu = "/sys/devices/system/cpu"
    let machine = try Machine([
      "/etc/group": "audio:x:29:ada\n", "\(Self.limits)": "@audio - rtprio 95\n@audio - memlock unlimited\n",
      "\(cpu)/cpu0/cpufreq/scaling_governor": "powersave\n",
      "\(cpu)/cpu1/cpufreq/scaling_governor": "performance\n", "\(cpu)/cpufreq/boost": "1\n",
      "/proc/sys/kernel/sched_rt_runtime_us": "100000\n",
    ])
    #expect(
      machine.plan().remedies.map(\.action) == [
        .write(path: "\(machine.root)\(cpu)/cpu0/cpufreq/scaling_governor", text: "performance\n"),
        .write(path: "\(machine.root)/proc/sys/kernel/sched_rt_runtime_us", text: "950000\n"),
      ])
  }

  @Test func aMachineWithoutTheGroupGetsItFirst() throws {
    let machine = try Machine(["/etc/group": "root:x:0:\n"])
    #expect(
      machine.plan().remedies.dropFirst().map(\.action) == [
        .run(["groupadd", "--system", "audio"]), .run(["usermod", "-aG", "audio", "ada"]),
      ])
  }

  @Test func aFileThatCannotBeWrittenIsARefusalAndLeavesNothing() throws {
    let machine = try Machine(["/etc/group": Self.groups])
    let remedy = Remedy(purpose: "x", action: .write(path: machine.root + "/none/x.conf", text: "x"))
    #expect(throws: (any Error).self) { try Garden.carryOut(remedy) }
    #expect(!FileManager.default.fileExists(atPath: machine.root + "/none"))
  }
}

@Suite struct WakeUpTests {
  @Test func everyWakeUpIsCountedAndTheFiguresAreInOrder() throws {
    // A tenth of a second at 64 frames of 48 kHz is 75 periods of 1.33 ms.
    let result = try WakeUps(period: 64, sampleRate: 48_000, seconds: 0.1, priority: 10).measure()
    #expect(result.lateness.count == 75)
    #expect(result.lateness == result.lateness.sorted() && (result.lateness.first ?? -1) >= 0)
    #expect((result.refusal == nil) == (result.grantedPriority != nil))
    #expect(result.percentile(0.5) <= result.percentile(0.99))
  }

  @Test func thePeriodCalledSafeIsTwiceTheLatestWakeUpAtLeast() {
    func safe(_ microseconds: Int64) -> Int? {
      WakeUps.Result(lateness: [1000, microseconds * 1000], minorFaults: 0, majorFaults: 0, missed: 0)
        .safePeriod(sampleRate: 48_000)
    }
    // Half of 32 frames are 333 µs, of 64 667 µs, of 8192 85.3 ms.
    #expect(safe(300) == 32 && safe(340) == 64 && safe(85_000) == 8192 && safe(86_000) == nil)
  }
}
