import HootWire
import Tools

/// What `garden --version` prints.
enum Version {
  static func print(asJSON: Bool, _ console: Console) {
    let json: JSONValue = ["schema": "chaosgarden.version/1", "version": .string(Product.version)]
    console.print(asJSON ? json.text : "garden \(Product.version)")
  }
}
