import Generators
import Glibc
import HootWire
import Jobs
import MIDI
import Testing

@testable import HostClients

@Suite struct BuiltinTests {
  private let worker: ChildWorker
  private let maker: InputReader

  init() throws {
    worker = try ChildWorker()
    maker = try InputReader(name: "garden-makers")
  }

  private static let reel = "X:1\nL:1/8\nK:C\nC2EG c2BA G2FE D2C2|\n"

  private func client(_ program: String = "/nonexistent/chaosgarden") -> BuiltinHostClient {
    BuiltinHostClient(
      program: program, environment: ["PATH": "/usr/bin:/bin"], folder: "/tmp", worker: worker, maker: maker
    ) { hash throws(HostFailure) in
      guard hash == "reel" else {
        throw HostFailure(.permanent, "\(hash) is not there", why: "It is not.", next: "nothing")
      }
      do { return SMFWriter.write(try ABCParser.parse(Self.reel).tunes[0].sequence()) } catch { return [] }
    }
  }

  private func outcome(_ tool: String, _ parameters: String, _ inputs: [String] = []) throws -> HostOutcome? {
    let call = asked(
      tool, parameters, inputs: inputs.map { HostCall.Input(parameter: $0, hash: "reel") })
    return try Running(client(), call).toEnd().last.flatMap {
      if case .finished(let outcome) = $0 { outcome } else { nil }
    }
  }

  private func music(_ result: HostResult?) throws -> [MIDISequence] {
    try (result?.artifacts ?? []).map { artifact in
      guard case .bytes(let bytes) = artifact.content else { return MIDISequence(events: []) }
      return try SMFReader.read(bytes)
    }
  }

  @Test func `[D33] ABC becomes the same MIDI every time`() throws {
    let once = try outcome("abc_to_midi", #"{"abc":"X:1\nK:C\nCDEF|","tempo":90,"channel":3}"#)?.result
    #expect(
      once == (try outcome("abc_to_midi", #"{"abc":"X:1\nK:C\nCDEF|","tempo":90,"channel":3}"#)?.result))
    let sequence = try #require(try music(once).first)
    #expect(sequence.noteCount == 4 && sequence.events.allSatisfy { $0.channel == 2 })
    let broken = try outcome("abc_to_midi", #"{"abc":"X:1\nK:C\n[CE"}"#)?.failure
    #expect(broken?.cause == .permanent && broken?.lines[1].hasPrefix("line 3, column 1:") == true)
  }

  @Test func aPhraseIsMadeInItsVariations() throws {
    let parameters =
      #"{"key":"Eb","scale":"dorian","bars":4,"density":0.5,"seed":7,"num_variations":3,"low":50,"high":70}"#
    let result = try outcome("phrase_generate", parameters)?.result
    #expect(result?.artifacts.map(\.label) == ["variation 1", "variation 2", "variation 3"])
    let all = try music(result)
    #expect(all.allSatisfy { $0.lengthTicks == 4 * 3840 && $0.noteCount == 32 })
    #expect(all[0].events != all[1].events)
    #expect(try outcome("phrase_generate", parameters)?.result == result)
    for tool in ["phrase_loops", "phrase_continue", "phrase_bridge"] {
      let inputs = BuiltinTool(rawValue: tool)?.inputs ?? []
      #expect(
        try music(try outcome(tool, #"{"beats":8,"seed":1}"#, inputs)?.result).first?.lengthTicks == 8 * 960)
    }
  }

  @Test(arguments: [
    ("phrase_generate", #"{"tonic":"C"}"#, "has no parameter"),
    ("phrase_generate", #"{"scale":"foo"}"#, "scale"),
    ("phrase_generate", #"{"key":"H"}"#, "key"), ("phrase_generate", #"{"density":2}"#, "density"),
    ("phrase_generate", #"{"density":"much"}"#, "density"), ("phrase_generate", #"{"beats":1e308}"#, "beats"),
    ("phrase_generate", #"{"beats":4,"bars":2}"#, "bars"),
    ("phrase_generate", #"{"low":60,"high":64}"#, "register"),
    ("phrase_generate", #"{"low":127}"#, "low"), ("phrase_generate", #"{"seed":1.5}"#, "seed"),
    ("phrase_generate", #"{"signature":"4/3"}"#, "signature"), ("phrase_generate", "[]", "no JSON object"),
    ("phrase_generate", "{", "no JSON object"), ("phrase_continue", "{}", "needs input_hash"),
    ("abc_to_midi", "{}", "needs abc"), ("convert_midi_to_wav", "{}", "needs input_hash"),
    ("fly", "{}", "is not built in"),
  ]) func whatIsWrongIsNamed(tool: String, parameters: String, expected: String) throws {
    let failure = try outcome(tool, parameters)?.failure
    #expect(failure?.cause == .permanent)
    #expect(failure?.lines[0].contains(expected) == true, "\(failure?.lines ?? [])")
  }

  @Test func aRenderIsAChildThatIsGivenItsFiles() throws {
    let script = "/tmp/chaosgarden-test-\(getpid()).sh"
    let text = "#!/bin/sh\n[ \"$1\" = render ] && [ -s \"$6\" ] || exit 64\nprintf RIFF > \"$3\"\n"
    let file = try #require(fopen(script, "w"))
    fputs(text, file)
    fclose(file)
    chmod(script, 0o700)
    defer { unlink(script) }
    let call = asked(
      "convert_midi_to_wav", "{}", inputs: [HostCall.Input(parameter: "input_hash", hash: "reel")])
    guard case .finished(.succeeded(let result))? = try Running(client(script), call).toEnd().last,
      case .file(let path)? = result.artifacts.first?.content
    else {
      Issue.record("no file")
      return
    }
    #expect(access(path, R_OK) == 0 && path.hasSuffix("-1.wav"))
    #expect(access(path.replacing("-1.wav", with: "-1.mid"), F_OK) != 0, "the input is gone")
    unlink(path)
  }
}
