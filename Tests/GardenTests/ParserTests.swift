import Commands
import Foundation
import Testing
import Tools

@testable import Commands
@testable import garden

@Suite struct ParserTests {
  private let parser = CommandLineParser(workingDirectory: "/home/me") { $0 == "/home/me/My.sf2" }

  private func run(_ line: String) throws -> Invocation {
    guard case .run(let invocation) = try parser.parse(line.split(separator: " ").map(String.init)) else {
      throw NotARun(line: line)
    }
    return invocation
  }

  private struct NotARun: Error { var line: String }

  private func refusal(_ line: String) -> ToolError? {
    do {
      _ = try parser.parse(line.split(separator: " ").map(String.init))
      return nil
    } catch {
      return error
    }
  }

  @Test func everyExampleOfTheCatalogueParsesAsItsOwnCommand() throws {
    for command in Command.all {
      for example in command.usage.examples {
        let line = example.replacing("source <(", with: "").replacing(")", with: "")
          .prefix { $0 != ">" }.split(separator: "|")[0]
        let invocation = try run(String(line.dropFirst("garden ".count)))
        #expect(invocation.command.usage.words == command.usage.words, "\(example)")
      }
    }
  }

  @Test func `[A43] every command that the README and the documentation show can be typed`() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let files = try FileManager.default.contentsOfDirectory(atPath: root + "/Documentation").filter {
      $0.hasSuffix(".md")
    }
    var count = 0
    for file in ["README.md"] + files.map({ "Documentation/\($0)" }) {
      let text = try String(contentsOfFile: "\(root)/\(file)", encoding: .utf8)
      for line in text.split(separator: "\n") where line.hasPrefix("$ garden ") {
        // What the shell makes of it is the shell's.
        var words = ShellWords.of(line.dropFirst("$ garden ".count))
        if words.contains(where: { $0.contains("$(") }) { continue }
        if let end = words.firstIndex(where: { ["|", ">", "&&", "&", "#", ";"].contains($0) }) {
          words = Array(words[..<end])
        }
        count += 1
        do { _ = try parser.parse(words) } catch {
          // One is there to be refused.
          #expect(error.code == "refused" || line.contains("@chrous"), "\(file): \(line): \(error.lines)")
        }
      }
    }
    #expect(count > 40, "the README shows more than \(count)")
  }

  @Test func aBareGardenShowsTheStatus() throws {
    #expect(try run("").command.wireName == "status")
    #expect(try run("--json").wantsJSON)
  }

  @Test func negativeNumbersAreValuesNotFlags() throws {
    #expect(try run("seek -2").arguments.text(.position) == "-2")
    #expect(try run("seek -.5").arguments.text(.position) == "-.5")
    #expect(try run("track set lead --gain -3dB").arguments.number(.gain) == -3)
    #expect(try run("track set lead --pan=-0.5").arguments.number(.pan) == -0.5)
    #expect(try run("region add a.mid --transpose -12").arguments.integer(.transpose) == -12)
  }

  @Test func behindTwoDashesEverythingIsAValue() throws {
    #expect(try run("region add -- -strange.mid").arguments.text(.file) == "/home/me/-strange.mid")
  }

  @Test func pathsAreMadeAbsolute() throws {
    #expect(try run("region add songs/a.mid").arguments.text(.file) == "/home/me/songs/a.mid")
    #expect(try run("region add /a.mid").arguments.text(.file) == "/a.mid")
    #expect(
      try run("render -o x.wav a.mid b.wav").arguments.texts(.files) == ["/home/me/a.mid", "/home/me/b.wav"])
    #expect(try run("--socket-dir run play").options.text(.socketDir) == "/home/me/run")
  }

  @Test func aSoundfontIsAPathWhenItLooksLikeOneOrIsThere() throws {
    #expect(try run("soundfont use fonts/x.sf2").arguments.text(.font) == "/home/me/fonts/x.sf2")
    #expect(try run("soundfont use My.sf2").arguments.text(.font) == "/home/me/My.sf2")
    #expect(try run("soundfont use TimGM6mb.sf2").arguments.text(.font) == "TimGM6mb.sf2")
  }

  @Test func globalOptionsMayStandAnywhere() throws {
    for line in [
      "--json -q --timeout 2 region ls", "region --json -q ls --timeout=2", "region ls --timeout 2 -q --json",
    ] {
      let invocation = try run(line)
      #expect(invocation.command.wireName == "region_ls")
      #expect(invocation.wantsJSON && invocation.isQuiet)
      #expect(invocation.timeout == 2)
    }
  }

  @Test func aBareWordIsTakenBeforeAValue() throws {
    #expect(try run("loop off").arguments.isSet(.off))
    let range = try run("loop 5:1 9:1").arguments
    #expect(range.text(.start) == "5:1" && range.text(.end) == "9:1" && !range.has(.off))
  }

  @Test func aFlagThatIsTrueOrFalseIsTrueByItself() throws {
    let alone = try run("track set drums --solo --mute").arguments
    #expect(alone.bool(.solo) == true && alone.bool(.mute) == true)
    #expect(try run("region set drums --mute --gain -3").arguments.bool(.mute) == true)
    #expect(try run("track set drums --solo off").arguments.bool(.solo) == false)
  }

  @Test func aPositionWithoutItsFlagIsToldTheFlag() {
    #expect(refusal("region mv drums 3:1")?.why.hasSuffix("A position follows --at.") == true)
  }

  @Test func aRepeatedValueGathersInOrder() throws {
    #expect(try run("region rm bass lead drums").arguments.texts(.region) == ["bass", "lead", "drums"])
    #expect(try run("watch").arguments.texts(.topics) == [])
  }

  @Test func helpGoesBeforeWhatIsMissing() throws {
    for line in ["region add -h", "region add --gain --help", "-h region add"] {
      guard case .help(let words) = try parser.parse(line.split(separator: " ").map(String.init)) else {
        Issue.record("\(line) is not help")
        continue
      }
      #expect(words == ["region", "add"], "\(line)")
    }
    guard case .help(let words) = try parser.parse(["region", "--help"]) else {
      Issue.record("not help")
      return
    }
    #expect(words == ["region"])
  }

  @Test func mistypedCommandsFlagsAndValuesAreToldTheNearest() {
    #expect(
      refusal("regionn add")?.lines == [
        "There is no command \"regionn\"", "Did you mean \"region\"?", "garden help",
      ])
    #expect(refusal("region ad x")?.why == "Did you mean \"add\"?")
    #expect(refusal("region add x.mid --gian 3")?.why == "Did you mean \"--gain\"?")
    #expect(refusal("completion bsh")?.why == "Did you mean \"bash\"?")
    #expect(refusal("play -x")?.code == "unknown_flag")
  }

  @Test func everyRefusalOfTheCommandLineIsExit64() {
    for line in [
      "nonsense", "region", "region add", "play extra", "tempo fast", "tempo 1e9", "seek", "play --from",
      "region add a.mid --gain", "play --timeout 0", "play --color blue", "region add a.mid --mute=maybe",
      "region add a.mid --name a --name b", "up --period 63",
    ] {
      #expect(refusal(line)?.exit == .usage, "\(line)")
    }
  }

  @Test func aFlagThatIsKnownIsNotTakenForAValue() {
    #expect(refusal("play --from --to 9:1")?.code == "missing_value")
    #expect(refusal("region add a.mid --name --json")?.code == "missing_value")
  }
}

/// A line as a shell takes it apart: words, and what stands between quotes as one.
private enum ShellWords {
  static func of(_ line: some StringProtocol) -> [String] {
    var (words, word, quote) = ([String](), "", Character?.none)
    var hasWord = false
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "\"" || character == "'" {
        (quote, hasWord) = (character, true)
      } else if character == " " {
        if hasWord { words.append(word) }
        (word, hasWord) = ("", false)
      } else {
        word.append(character)
        hasWord = true
      }
    }
    return hasWord ? words + [word] : words
  }
}
