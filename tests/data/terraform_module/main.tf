# A configuration without resources: scripts/record_terraform_module.py records its outputs.

variable "settings" {
  type = object({
    name     = string
    count    = optional(number, 3)
    tags     = optional(map(string), { made = "here" })
    nested   = optional(object({ on = optional(bool, true), size = optional(string) }), {})
    nothing  = optional(string)
    surplus  = optional(list(number), [1])
  })
  default = {
    name    = "n"
    count   = "4"
    unknown = "dropped"
  }
}

variable "numbers" {
  type    = set(string)
  default = [3, 1, 2, 1]
}

variable "texts" {
  type    = list(string)
  default = [1, true, "x"]
}

variable "flag" {
  type    = bool
  default = "true"
}

variable "amount" {
  type    = number
  default = "12.50"
}

variable "mixed" {
  type    = tuple([string, number])
  default = [1, "2"]
}

variable "nullable" {
  type     = string
  default  = "kept"
  nullable = false
}

variable "files" {
  type    = map(object({ path = string, size = optional(number, 0) }))
  default = { b = { path = "p" }, a = { path = "q", size = "7" } }
}

variable "automatic" {
  default = "default"
}

locals {
  late  = "${local.early}!"
  early = "first"

  plain = <<EOT
  indented ${local.early}
    more
EOT

  stripped = <<-EOT
      one
        two ${local.early}

      three
    EOT

  odd = <<-EOT
    ${local.early} starts a line
      then this
  EOT

  directives = <<-EOT
    %{ for x in ["a", "b"] ~}
    item ${x}
    %{ endfor ~}
    %{ if var.flag ~}
    flagged
    %{ else ~}
    plain
    %{ endif ~}
    rest $${escaped} %%{escaped} "quoted" \n
  EOT

  trimmed = <<-EOT
    a ${~ "b" ~}
       c
    d
  EOT

  chained = var.amount > 20 ? "big" : var.amount > 10 ? "middle" : "small"
  grouped = { for f, o in var.files : o.size > 0 ? "full" : "empty" => f... }
  long = (
    1 + 2 # a comment
    + 3
  )
  object = {
    a = 1, b = 2
    "c d" : 3 // another
    (local.early) = 4
  }
  list = [
    1,
    2, /* inside */
  ]
  template = templatefile("${path.module}/greeting.tftpl", { name = "you", loud = var.flag, items = ["x", "y"] })
  unicode  = "naïve – ${upper("é")}"
}

module "part" {
  source   = "./part"
  for_each = { one = 1, two = 2 }
  value    = each.value
  label    = "${each.key}-${local.early}"
  other    = each.key == "one" ? null : "given"
}

module "several" {
  source = "./part"
  count  = 2
  value  = count.index
}

output "all" {
  value = {
    settings   = var.settings
    numbers    = var.numbers
    texts      = var.texts
    flag       = var.flag
    amount     = var.amount
    mixed      = var.mixed
    nullable   = var.nullable
    files      = var.files
    automatic  = var.automatic
    late       = local.late
    plain      = local.plain
    stripped   = local.stripped
    odd        = local.odd
    directives = local.directives
    trimmed    = local.trimmed
    chained    = local.chained
    grouped    = local.grouped
    long       = local.long
    object     = local.object
    list       = local.list
    template   = local.template
    unicode    = local.unicode
    part       = { for k, m in module.part : k => m.result }
    several    = module.several[*].result
    last       = module.several[1].result.value
    root       = path.root
    module     = path.module
  }
}
