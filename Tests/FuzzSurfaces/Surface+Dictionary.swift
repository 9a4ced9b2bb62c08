import Settings
import Tools

extension Surface {
  /// Words that inputs of this surface are made of: a fuzzer finds short ones by itself, and these hardly ever.
  package var dictionary: [String] {
    switch self {
    case .smf: ["MThd", "MTrk", "RIFF", "RMID", "data"]
    case .frames: ["HOOT01", "header", "msg_id", "session", "msg_type", "timestamp", "content", "metadata"]
    case .messages: ["latent", "play_content", "note_on", "stream://eurorack/main"]
    case .requests:
      ToolName.allCases.map(\.rawValue)
        + Set(Catalogue.all.flatMap(\.usage.parameters).map(\.name.rawValue)).sorted()
        + Set(Catalogue.all.flatMap(\.usage.parameters).flatMap(\.choices)).sorted()
    case .peers:
      [
        "get_transport_state", "create_region", "move_region", "get_regions", "play_content", "latent",
        "beat", "bpm",
        "region_id", "position", "duration", "behavior", "content_hash", "content_type", "gain_set",
        "enabled",
        "update_latent_progress", "send_midi", "control_change", "message_type", "raw_bytes", "stream_start",
        "definition", "device_identity", "format", "audio", "chunk_size_bytes", "new_chunk_path",
        "port_pattern",
        "6f1d3c52-8a7b-4c0e-9f21-0123456789ab",
      ]
    case .positions: ["@chorus", "5:1:480", "1:30.5s", "50%"]
    case .settings: SettingName.allCases.flatMap { $0.rawValue.split(separator: ".").map(String.init) }
    case .soundfonts:
      [
        "RIFF", "sfbk", "LIST", "INFO", "sdta", "pdta", "ifil", "isng", "INAM", "smpl", "sm24", "phdr",
        "pbag",
        "pmod", "pgen", "inst", "ibag", "imod", "igen", "shdr", "OggS", "vorbis",
      ]
    case .abc:
      [
        "X:1\n", "K:C\n", "M:6/8", "L:1/8", "Q:1/4=120", "V:1", "[K:Edor]", "|:", ":|", "|1", ":|2", "(3",
        "{ga}",
        "!f!", "^^", "__", "[CEG]", "%%MIDI program 40", "%%key-spelling 1=C# n1=^^B@11",
        "propagate-accidentals",
      ]
    case .parts:
      [
        "application/json\n", "audio/pcm;rate=32000;channels=2;format=f32le\n", "audio/L16;rate=8000\n",
        "audio/wav\n", "notes", "pitch", "start", "duration", "beats", "RIFF", "WAVE", "fmt ", "data", "MThd",
      ]
    case .port: ["<d", "<@", "~"]
    case .agent:
      [
        "jsonrpc", "2.0", "method", "params", "arguments", "name", "_meta", "task", "async_timeout",
        "_async_response_format", "tools/call", "io.modelcontextprotocol/protocolVersion", "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities", "notifications/cancelled", "requestId", "task_async",
        "agent_name", "agent_instructions", "timeline_region_create", "region_id", "content_id",
      ]
    case .web:
      [
        "GET ", "POST ", "PATCH ", " HTTP/1.1\r\n", "\r\n\r\n", "Host: a\r\n", "Content-Length: ",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue", "Range: bytes=0-", "Upgrade: websocket\r\nConnection: Upgrade\r\n",
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "/api/events",
        "/api/artifacts",
        "/api/regions/a", "?label=", "%2e%2e", "If-Match: ", "Content-Type: application/json\r\n",
      ]
    case .workflow:
      [
        "name = \"a\"", "[[phase]]", "[[phase.task]]", "id = ", "depends_on = [", "dependencies = [",
        "tool = \"bounce\"",
        "params = {", "${a.artifact}", "${a.value.b}", "$${", "priority = \"high\"", "timeout_seconds = ",
        "agent_name",
      ]
    case .content:
      [
        "mime_type", "size", "audio/wav", "id", "content_hash", "data", "hash", "artifact_",
        "5c735d76fe3537a0f35cf4a4eb14a532",
      ]
    case .audio:
      [
        "RIFF", "RIFX", "RF64", "WAVE", "fmt ", "data", "ds64", "fact", "FORM", "AIFF", "AIFC", "COMM",
        "SSND",
        "fLaC", "OggS", "OpusHead", "vorbis", "caff", "desc", ".snd", "ID3", "TAG",
      ]
    }
  }

  /// A word as a line of libFuzzer's dictionary.
  package static func dictionaryLine(_ word: String) -> String {
    // A carriage return and a newline together are one character.
    let escapes = ["\\": "\\\\", "\"": "\\\"", "\n": "\\x0A", "\r\n": "\\x0D\\x0A"]
    return "\"" + word.map { escapes[String($0)] ?? String($0) }.joined() + "\""
  }
}

extension Parameter {
  fileprivate var choices: [String] { if case .choice(let words) = kind { words } else { [] } }
}
