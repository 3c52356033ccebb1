using System.Reflection;
using System.Reflection.Emit;

namespace BatchEmulator.Rules.Tests;

/// <summary>Reads string literals and calls from compiled methods. An interpolated string is one literal for each constant piece.</summary>
internal static class Literals
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<short, OpCode> Codes =
        typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>
    /// Returns the methods and constructors of a type and its nested types, including those of lambdas and state machines.
    /// </summary>
    public static IEnumerable<MethodBase> MethodsOf(Type type) =>
        type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared))
            .Concat(type.GetNestedTypes(Declared).SelectMany(MethodsOf));

    /// <summary>Returns the literals of a method except messages of exceptions, which report bugs and are not meant for callers.</summary>
    public static IEnumerable<string> Of(MethodBase method)
    {
        var sinceJump = new List<string>();
        foreach (var (code, token) in Instructions(method))
        {
            if (code == OpCodes.Ldstr)
            {
                sinceJump.Add(method.Module.ResolveString(token));
            }
            else if (code == OpCodes.Newobj && Resolve(method, token).DeclaringType!.IsAssignableTo(typeof(Exception)))
            {
                sinceJump.Clear();
            }
            else if (code.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw)
            {
                foreach (var literal in sinceJump)
                {
                    yield return literal;
                }

                sinceJump.Clear();
            }
        }
    }

    /// <summary>Returns the methods that a method calls.</summary>
    public static IEnumerable<MethodBase> CallsOf(MethodBase method) =>
        Instructions(method).Where(i => i.Code.OperandType == OperandType.InlineMethod).Select(i => Resolve(method, i.Operand));

    private static IEnumerable<(OpCode Code, int Operand)> Instructions(MethodBase method)
    {
        var body = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < body.Length;)
        {
            var code = Codes[body[at] == 0xFE ? unchecked((short)(0xFE00 | body[at + 1])) : body[at]];
            at += code.Size;
            var length = OperandLength(code, body, at);
            yield return (code, length == 4 ? BitConverter.ToInt32(body, at) : 0);
            at += length;
        }
    }

    private static int OperandLength(OpCode code, byte[] body, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(body, at)),
        _ => 4,
    };

    private static MethodBase Resolve(MethodBase method, int token)
    {
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        return method.Module.ResolveMethod(token, method.DeclaringType!.GetGenericArguments(), ofMethod)!;
    }
}
