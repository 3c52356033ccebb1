using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BatchEmulator.Core.Resources;

/// <summary>A kind of resource: a row of the table of kinds. Engine, stores, events and counts depend on nothing else of a kind.</summary>
/// <param name="arnType">Type in its ARNs, e.g. <c>job-queue</c>.</param>
/// <param name="number">Number by which stores know the kind: stored, never to be changed or used again.</param>
/// <param name="eventName">Name in the detail types of events, e.g. <c>Job Queue</c>.</param>
/// <param name="pluralName">Name in the counts, e.g. <c>jobQueues</c>.</param>
public abstract class ResourceKind(string arnType, int number, string eventName, string pluralName)
{
    public string ArnType { get; } = arnType;

    public int Number { get; } = number;

    public string EventName { get; } = eventName;

    public string PluralName { get; } = pluralName;

    /// <summary>Serializes a resource as stores keep it.</summary>
    public abstract string Write(Resource resource);

    /// <summary>Deserializes a stored resource.</summary>
    /// <exception cref="JsonException">The document is damaged.</exception>
    public abstract Resource Read(string text);

    /// <summary>Writes the description of a resource, without tags.</summary>
    public abstract void WriteDetail(Utf8JsonWriter writer, Resource resource);

    /// <summary>Creates an empty table for resources of the kind.</summary>
    internal abstract ResourceTable CreateTable();
}

/// <summary>A kind of resource with its type.</summary>
/// <param name="arnType"><inheritdoc/></param>
/// <param name="number"><inheritdoc/></param>
/// <param name="eventName"><inheritdoc/></param>
/// <param name="pluralName"><inheritdoc/></param>
/// <param name="document">Serialization of the resource in stores.</param>
/// <param name="writeDetail">Writes the description of the resource.</param>
public sealed class ResourceKind<T>(
    string arnType, int number, string eventName, string pluralName, JsonTypeInfo<T> document, Action<Utf8JsonWriter, T> writeDetail)
    : ResourceKind(arnType, number, eventName, pluralName)
    where T : Resource
{
    public override string Write(Resource resource) => JsonSerializer.Serialize((T)resource, document);

    public override T Read(string text) => JsonSerializer.Deserialize(text, document)!;

    public override void WriteDetail(Utf8JsonWriter writer, Resource resource) => writeDetail(writer, (T)resource);

    internal override ResourceTable CreateTable() => new ResourceTable<T>();
}
