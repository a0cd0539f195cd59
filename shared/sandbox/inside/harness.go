// Runs a learner's Go functions and answers each call. Compiled with the learner's program inside the sandbox; its
// parent is `launch.py`, which gives each answer its nonce. Nothing here is a secret and nothing decides a verdict.
//
// In: a JSON line for each order on descriptor 3. Out: one line on descriptor 4, its key and an observation's fields.
// `goalsCalls` (written for each program) has the functions that are asked for and exist.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const goalsDepth = 60

type goalsOrder struct {
	Key      string            `json:"key"`
	Do       string            `json:"do"`
	Function string            `json:"function"`
	Args     []json.RawMessage `json:"args"`
}

// The learner's own init functions have run before this one: its file comes last. Returns only for a whole program.
func init() {
	size := os.Getenv("GOALS_VALUE_BYTES")
	os.Clearenv()
	debug.SetMaxStack(64 << 20)
	in := bufio.NewReader(os.NewFile(3, "orders"))
	limit, _ := strconv.Atoi(size)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			os.Exit(0)
		}
		var order goalsOrder
		if err := json.Unmarshal(line, &order); err != nil {
			os.Exit(1)
		}
		switch order.Do {
		case "main":
			syscall.Close(3)
			syscall.Close(4)
			return
		case "load":
			goalsAnswer(order.Key, `"outcome":"loaded"`)
		default:
			goalsAnswer(order.Key, goalsCall(order, limit))
		}
	}
}

func goalsAnswer(key, fields string) {
	line := []byte(key + " " + fields + "\n")
	for len(line) > 0 {
		n, err := syscall.Write(4, line)
		if err != nil && err != syscall.EINTR {
			os.Exit(1)
		}
		line = line[max(n, 0):]
	}
}

func goalsCall(order goalsOrder, limit int) (fields string) {
	target, found := goalsCalls[order.Function]
	if !found {
		return `"outcome":"missing_function"`
	}
	defer func() {
		if cause := recover(); cause != nil {
			fields = goalsPanicked(cause, debug.Stack())
		}
	}()
	function := reflect.ValueOf(target)
	args, err := goalsArguments(function.Type(), order.Args)
	if err != nil {
		return goalsFailed("raised", "ArgumentError", err.Error(), 0)
	}
	results := function.Call(args)
	if n := len(results); n > 0 && function.Type().Out(n-1) == reflect.TypeFor[error]() {
		if failure, _ := results[n-1].Interface().(error); failure != nil {
			return goalsFailed(goalsOutcome(failure), fmt.Sprintf("%T", failure), failure.Error(), 0, "error")
		}
		results = results[:n-1]
	}
	out := &goalsEncoder{left: limit}
	switch len(results) {
	case 0:
		out.write("null")
	case 1:
		out.encode(results[0], 0)
	default:
		out.write(`{"$tuple":`)
		out.items(len(results), func(i int) reflect.Value { return results[i] }, 0)
		out.write("}")
	}
	if out.left < 0 {
		return `"outcome":"output"`
	}
	return `"outcome":"returned","value":` + out.text.String()
}

func goalsArguments(signature reflect.Type, given []json.RawMessage) ([]reflect.Value, error) {
	wanted := signature.NumIn()
	if len(given) < wanted-1 || (!signature.IsVariadic() && len(given) != wanted) ||
		(signature.IsVariadic() && len(given) < wanted-1) {
		return nil, fmt.Errorf("the function takes %d arguments, and the call has %d", wanted, len(given))
	}
	args := []reflect.Value{}
	for i, text := range given {
		kind := signature.In(min(i, wanted-1))
		if signature.IsVariadic() && i >= wanted-1 {
			kind = signature.In(wanted - 1).Elem()
		}
		value := reflect.New(kind)
		if err := json.Unmarshal(text, value.Interface()); err != nil {
			return nil, fmt.Errorf("argument %d is %s, and the function takes %s", i+1, goalsClip(string(text), 80), kind)
		}
		args = append(args, value.Elem())
	}
	return args, nil
}

// ---------------------------------------------------------------- errors

var goalsPlace = regexp.MustCompile(`solution\.go:(\d+)`)

func goalsPanicked(cause any, stack []byte) string {
	line := 0
	// Above the first "panic(" is what reports it; the first of the learner's lines below it is where it happened.
	text := string(stack)
	if at := strings.Index(text, "panic("); at >= 0 {
		text = text[at:]
	}
	if found := goalsPlace.FindStringSubmatch(text); found != nil {
		line, _ = strconv.Atoi(found[1])
	}
	failure, isError := cause.(error)
	if isError {
		return goalsFailed(goalsOutcome(failure), "panic", failure.Error(), line, fmt.Sprintf("%T", cause), "error")
	}
	return goalsFailed("raised", "panic", fmt.Sprint(cause), line, fmt.Sprintf("%T", cause))
}

func goalsOutcome(failure error) string {
	var number syscall.Errno
	if !errors.As(failure, &number) {
		return "raised"
	}
	switch number {
	case syscall.EPERM, syscall.EACCES, syscall.EROFS:
		return "disallowed"
	case syscall.EMFILE, syscall.EFBIG, syscall.ENOSPC, syscall.EDQUOT:
		return "files"
	case syscall.EAGAIN:
		return "processes"
	case syscall.ENOMEM:
		return "memory"
	}
	return "raised"
}

func goalsFailed(outcome, kind, message string, line int, bases ...string) string {
	place := "null"
	if line > 0 {
		place = strconv.Itoa(line)
	}
	named := []string{goalsQuote(kind)}
	for _, base := range bases {
		named = append(named, goalsQuote(base))
	}
	return fmt.Sprintf(`"outcome":"%s","error":{"type":%s,"message":%s,"line":%s,"bases":[%s]},"line":%s`, outcome,
		goalsQuote(goalsClip(kind, 80)), goalsQuote(goalsClip(message, 400)), place, strings.Join(named, ","), place)
}

func goalsClip(text string, size int) string {
	runes := []rune(text)
	if len(runes) <= size {
		return text
	}
	return string(runes[:size-1]) + "…"
}

func goalsQuote(text string) string {
	quoted, _ := json.Marshal(text)
	return strings.ReplaceAll(string(quoted), "\x7f", `\u007f`)
}

// ---------------------------------------------------------------- values out

// Tagged JSON of at most `left` bytes (`values.py` reads it); once less than nothing is left, nothing is added.
type goalsEncoder struct {
	text strings.Builder
	left int
}

func (e *goalsEncoder) write(text string) {
	if e.left -= len(text); e.left >= 0 {
		e.text.WriteString(text)
	}
}

func (e *goalsEncoder) encode(x reflect.Value, depth int) {
	if e.left < 0 {
		return
	}
	if !x.IsValid() {
		e.write("null")
		return
	}
	if depth >= goalsDepth {
		e.shown(x)
		return
	}
	switch x.Kind() {
	case reflect.Bool:
		e.write(strconv.FormatBool(x.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.integer(strconv.FormatInt(x.Int(), 10))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		e.integer(strconv.FormatUint(x.Uint(), 10))
	case reflect.Float32, reflect.Float64:
		e.float(x.Float(), x.Type().Bits())
	case reflect.String:
		if x.Len() > e.left {
			e.left = -1
			return
		}
		e.write(goalsQuote(x.String()))
	case reflect.Pointer, reflect.Interface:
		if x.IsNil() {
			e.write("null")
		} else {
			e.encode(x.Elem(), depth+1)
		}
	case reflect.Slice:
		if x.Type().Elem().Kind() == reflect.Uint8 {
			if x.Len()*2 > e.left {
				e.left = -1
				return
			}
			e.write(`{"$bytes":"` + hex.EncodeToString(x.Bytes()) + `"}`)
			return
		}
		e.items(x.Len(), x.Index, depth) // a nil slice is an empty one
	case reflect.Array:
		e.items(x.Len(), x.Index, depth)
	case reflect.Map:
		e.mapping(x, depth)
	case reflect.Struct:
		e.structure(x, depth)
	default:
		e.shown(x)
	}
}

func (e *goalsEncoder) integer(digits string) {
	if len(digits) > 15 {
		digits = `{"$int":"` + digits + `"}`
	}
	e.write(digits)
}

func (e *goalsEncoder) float(x float64, bits int) {
	switch {
	case math.IsNaN(x):
		e.write(`{"$float":"nan"}`)
	case math.IsInf(x, 1):
		e.write(`{"$float":"inf"}`)
	case math.IsInf(x, -1):
		e.write(`{"$float":"-inf"}`)
	default:
		digits := strconv.FormatFloat(x, 'g', -1, bits)
		if !strings.ContainsAny(digits, ".e") {
			digits += ".0" // it is a float64, whatever its value
		}
		e.write(digits)
	}
}

func (e *goalsEncoder) items(size int, item func(int) reflect.Value, depth int) {
	e.write("[")
	for i := 0; i < size && e.left >= 0; i++ {
		if i > 0 {
			e.write(",")
		}
		e.encode(item(i), depth+1)
	}
	e.write("]")
}

func (e *goalsEncoder) mapping(x reflect.Value, depth int) {
	plain := x.Type().Key().Kind() == reflect.String
	for _, key := range x.MapKeys() {
		plain = plain && !strings.HasPrefix(key.String(), "$")
	}
	opening, between, ending := "{", ":", "}"
	if !plain {
		opening, between, ending = `{"$dict":[`, ",", "]}"
	}
	e.write(opening)
	for i, key := range x.MapKeys() {
		if i > 0 {
			e.write(",")
		}
		if !plain {
			e.write("[")
		}
		e.encode(key, depth+1)
		e.write(between)
		e.encode(x.MapIndex(key), depth+1)
		if !plain {
			e.write("]")
		}
		if e.left < 0 {
			return
		}
	}
	e.write(ending)
}

func (e *goalsEncoder) structure(x reflect.Value, depth int) {
	if x.Type() == reflect.TypeFor[time.Time]() && x.CanInterface() {
		e.write(`{"$date":"` + x.Interface().(time.Time).Format(time.RFC3339Nano) + `"}`)
		return
	}
	e.write("{")
	for i := range x.NumField() {
		if i > 0 {
			e.write(",")
		}
		e.write(goalsQuote(x.Type().Field(i).Name) + ":")
		e.encode(x.Field(i), depth+1)
	}
	e.write("}")
}

func (e *goalsEncoder) shown(x reflect.Value) {
	e.write(`{"$repr":` + goalsQuote(goalsClip(fmt.Sprintf("%v", x), 160)) + `,"$type":` + goalsQuote(x.Type().String()) + "}")
}
