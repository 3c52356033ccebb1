using LiteDB;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>Numbered migrations of a file; a document in the collection <c>meta</c> records how many have been applied.</summary>
/// <param name="migrations">Migrations in order. Stored files have applied them: none is ever changed or removed.</param>
internal sealed class LiteDbSchema(IReadOnlyList<Action<LiteDbSession>> migrations)
{
    /// <summary>Collection of single documents about the file.</summary>
    public const string Meta = "meta";

    private const string SchemaId = "schema";
    private const string Version = "version";

    /// <summary>Returns true if no migration is pending.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version.</exception>
    public bool IsCurrent(LiteDbSession session)
    {
        var applied = Applied(session);
        return applied > migrations.Count
            ? throw new InvalidDataException(
                "It was written by a newer version of Batch Emulator "
                    + $"(schema {applied}; this version knows schemas up to {migrations.Count}).")
            : applied == migrations.Count;
    }

    /// <summary>Applies the pending migrations.</summary>
    public void Migrate(LiteDbSession session)
    {
        foreach (var migration in migrations.Skip(Applied(session)))
        {
            migration(session);
        }

        session.Upsert(Meta, new BsonDocument { [LiteDbSession.Id] = SchemaId, [Version] = migrations.Count });
    }

    private static int Applied(LiteDbSession session) => session.Find(Meta, SchemaId)?[Version].AsInt32 ?? 0;
}
