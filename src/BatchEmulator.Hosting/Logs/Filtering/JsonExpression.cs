using System.Text.Json;

namespace BatchEmulator.Hosting.Logs.Filtering;

/// <summary>Condition of a JSON pattern on a document.</summary>
internal abstract record JsonExpression
{
    public abstract bool Matches(JsonElement root);
}

internal sealed record AllOf(IReadOnlyList<JsonExpression> Parts) : JsonExpression
{
    public override bool Matches(JsonElement root) => Parts.All(part => part.Matches(root));
}

internal sealed record AnyOf(IReadOnlyList<JsonExpression> Parts) : JsonExpression
{
    public override bool Matches(JsonElement root) => Parts.Any(part => part.Matches(root));
}

/// <summary>Condition on the value at the end of a selector. Without such a value only NOT EXISTS holds.</summary>
internal sealed record JsonCondition(JsonSelector Selector, JsonPredicate? Predicate = null, bool MustExist = true) : JsonExpression
{
    public override bool Matches(JsonElement root)
    {
        var found = Selector.Values(root);
        return Predicate is null ? found.Count > 0 == MustExist : found.Exists(Predicate.Holds);
    }
}
