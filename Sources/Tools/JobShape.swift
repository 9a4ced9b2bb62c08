/// What a host does for a request: the other half of the declaration of a tool that makes a job.
package struct JobShape: Sendable {
  /// What hosts call it.
  package var tool: String
  package var product: Product
  /// Parameters that name content of the store, and whether the tool does without.
  package var inputs: [Input]
  /// The same parameters give the same result.
  package var isDeterministic = false
  /// It may be stopped and begun anew for the sake of a critical one.
  package var isRestartable = false
  /// The parameter that its time grows with.
  package var size: ParameterName?
  /// Its result is for the timeline, unless somebody says otherwise.
  package var isPlaced = true

  package enum Product: String, Sendable {
    case midi, audio
    /// A value, and nothing that sounds.
    case value
  }

  package struct Input: Sendable {
    package var parameter: ParameterName
    package var isRequired: Bool
  }

  package init(
    _ tool: String, _ product: Product, required: [ParameterName] = [], optional: [ParameterName] = [],
    size: ParameterName? = nil, isDeterministic: Bool = false, isRestartable: Bool = false,
    isPlaced: Bool = true
  ) {
    self.isPlaced = isPlaced
    self.tool = tool
    self.product = product
    inputs =
      required.map { Input(parameter: $0, isRequired: true) }
      + optional.map { Input(parameter: $0, isRequired: false) }
    self.size = size
    self.isDeterministic = isDeterministic
    self.isRestartable = isRestartable
  }
}

extension Catalogue {
  package static let placingNames = Set(placing.map(\.name))

  /// The declaration of what hosts call so, or nil.
  package static func jobTool(_ name: String) -> Tool? { jobTools.first { $0.job?.tool == name } }
}

extension Tool {
  /// The parameters that a host gets; the others say where, when and how.
  package var hostParameters: [Parameter] {
    guard job != nil else { return [] }
    let own = Set(Catalogue.placing.map(\.name))
    return usage.parameters.filter { !own.contains($0.name) }
  }
}
