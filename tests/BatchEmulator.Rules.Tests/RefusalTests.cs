using System.Reflection;
using BatchEmulator.Core;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Jobs.Work;
using BatchEmulator.Core.Operations;

namespace BatchEmulator.Rules.Tests;

/// <summary>Every refusal message is a text of the table of rules or of <see cref="OpenTexts"/>.</summary>
public sealed class RefusalTests
{
    private static readonly string[] Known =
    [
        .. AwsRule.All.Select(rule => rule.Text),
        .. typeof(OpenTexts).GetFields().Select(field => (string)field.GetRawConstantValue()!),
    ];

    /// <summary>Types whose messages are SageMaker's and thus no rules of AWS Batch.</summary>
    private static readonly Type[] OfSageMaker = [typeof(TrainingRequest), typeof(TrainingWork)];

    /// <summary>Types of sections 5 to 8: those of job definitions and jobs, and their operations.</summary>
    public static TheoryData<Type> Refusing =>
    [
        typeof(SubmitJob), typeof(SubmittedDependencies), typeof(RegisterJobDefinition), typeof(DeregisterJobDefinition),
        typeof(DescribeJobDefinitions), typeof(DescribeJobs), typeof(ListJobs), typeof(Paging), typeof(CancelJob), typeof(TerminateJob),
        typeof(BulkEnding),
        .. typeof(OpenTexts).Assembly.GetTypes()
            .Where(type => !type.IsNested && (IsBeside<JobDefinition>(type) || IsBeside<Job>(type)) && !OfSageMaker.Contains(type)),
    ];

    [Theory]
    [MemberData(nameof(Refusing))]
    public void Messages_of_refusals_are_known(Type type)
    {
        // Records print their members by means of literals.
        var unknown = Literals.MethodsOf(type).Where(method => method.Name != "PrintMembers")
            .SelectMany(method => Unknown([.. Literals.Of(method)]));

        unknown.Should().BeEmpty();
    }

    [Fact]
    public void Every_open_text_is_used()
    {
        var methods = Repository.ProductAssemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsNested && type != typeof(OpenTexts)).SelectMany(Literals.MethodsOf).ToList();
        var used = methods.SelectMany(Literals.Of).ToHashSet(StringComparer.Ordinal);
        var called = methods.SelectMany(Literals.CallsOf).ToHashSet();

        typeof(OpenTexts).GetFields().Where(field => !used.Contains((string)field.GetRawConstantValue()!)).Should().BeEmpty();
        typeof(OpenTexts).GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Static)
            .Where(method => !called.Contains(method)).Should().BeEmpty();
    }

    /// <summary>Returns true if a type is in the namespace of another or below it.</summary>
    private static bool IsBeside<T>(Type type) => $"{type.Namespace}.".StartsWith($"{typeof(T).Namespace}.", StringComparison.Ordinal);

    /// <summary>Returns the sentences, whole or in part, among the literals of a method that occur in no known text.</summary>
    /// <param name="literals">The literals in order; those of an interpolated string are consecutive.</param>
    private static IEnumerable<string> Unknown(string[] literals) =>
        from at in Enumerable.Range(0, literals.Length)
        where IsSentence(literals[at])
        let runs =
            from start in Enumerable.Range(0, at + 1)
            from end in Enumerable.Range(at + 1, literals.Length - at)
            select literals[start..end]
        where !runs.Any(run => Array.Exists(Known, text => Makes(run, text)))
        select literals[at];

    /// <summary>
    /// Returns true if pieces of an interpolated string form a text: anything may be between them, and a placeholder or a word before and
    /// after them. Pieces that are no sentences may also belong to the values, e.g. formats and separators.
    /// </summary>
    private static bool Makes(string[] pieces, string text)
    {
        var end = 0;
        foreach (var piece in pieces)
        {
            var start = text.IndexOf(piece, end, StringComparison.Ordinal);
            if (start < 0 && !IsSentence(piece))
            {
                continue;
            }

            if (start < 0 || (end == 0 && !IsValue(text[..start])))
            {
                return false;
            }

            end = start + piece.Length;
        }

        return IsValue(text[end..]);
    }

    private static bool IsSentence(string literal) => literal.Trim().Contains(' ', StringComparison.Ordinal);

    private static bool IsValue(string text) =>
        !text.Contains(' ', StringComparison.Ordinal) || (text[0] == '<' && text.IndexOf('>', StringComparison.Ordinal) == text.Length - 1);
}
