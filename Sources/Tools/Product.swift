/// What the programs call themselves.
package enum Product {
  package static let version = "0.1.0"
}
