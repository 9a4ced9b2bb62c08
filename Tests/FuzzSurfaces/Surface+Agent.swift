import HootWire
import MCP
import Tools

extension Surface {
  /// What an agent sends: lines, messages, calls of tools. What is asked of the daemon for it has a type, and names each
  /// parameter once.
  static func takeAgent(_ bytes: [UInt8]) -> String {
    var splitter = LineSplitter(limit: 4096)
    var lines = splitter.take(bytes)
    if let last = splitter.finish() { lines.append(last) }
    var understood = 0
    var said: [String] = []
    for line in lines {
      if case .message(let bytes) = line {
        demand(!bytes.isEmpty && bytes.count <= 4096 && !bytes.contains(0x0A), "a message is a line")
      }
      switch MCPRehearsal.take(line) {
      case .message: understood += 1
      case .call(let name, let request):
        understood += 1
        guard let request else { continue }
        demand(request["type"]?.string != nil, "\(name) asks for something")
        demand((try? JSONValue.parse(request.encode())) == request, "\(name) asks what can be read")
      case .refused(let lines): said += lines
      }
    }
    guard understood == 0 else { return "\(understood) understood, \(said.count) lines refused" }
    return refusal(said.isEmpty ? ["no message"] : said.map(\.onOneLine))
  }
}
