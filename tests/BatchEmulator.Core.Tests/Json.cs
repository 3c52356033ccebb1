using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using BatchEmulator.Contract.Batch;

namespace BatchEmulator.Core.Tests;

/// <summary>Requests as JSON, so that the rows of a table need only state the differences.</summary>
internal static class Json
{
    /// <summary>
    /// Returns the request with the members of <paramref name="change"/> set, objects member by member; null removes a member.
    /// </summary>
    public static T Patched<T>(T request, string change)
    {
        var type = (JsonTypeInfo<T>)BatchJson.Wire.GetTypeInfo(typeof(T))!;
        var node = JsonSerializer.SerializeToNode(request, type)!.AsObject();
        Merge(node, JsonNode.Parse(change)!.AsObject());
        return node.Deserialize(type)!;
    }

    private static void Merge(JsonObject target, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }
}
